import MailServer
import MailTesting
import Testing

/// Programs that mail would be given to are looked at where somebody asks whether the configuration is right.
@Suite struct ProgramCheckTests {
    @Test func `a program that is not there is named with its line and what to do`() throws {
        let configuration = try parse(
            """
            [route.default]
            to = "pipe:/usr/bin/true --really"
            [route."fax.example"]
            to = "pipe:/usr/lib/no-such-program -x"
            [domain."example.org"]
            deliver = "pipe:/usr"
            users = ["ann"]
            """)
        #expect(
            configuration.missingFiles.map(\.description) == [
                "martlet.toml:4: \"pipe:/usr/lib/no-such-program\": there is no such program; install it, or name another",
                "martlet.toml:6: \"pipe:/usr\": it is no program, but a folder or a device; name another",
            ])
    }

    @Test func `a file of users that is named and not there is told, the usual one is not missed`() throws {
        let named = try parse("[auth]\nusers_file = \"/nowhere/users\"")
        #expect(
            named.missingFiles.map(\.description) == [
                "martlet.toml:2: \"/nowhere/users\": there is no such file; `martlet user add` makes it"
            ])
        #expect(try parse("").missingFiles.isEmpty)
        #expect(try parse("[auth]\nusers_file = \"/dev/null\"").missingFiles.isEmpty)
    }
}
