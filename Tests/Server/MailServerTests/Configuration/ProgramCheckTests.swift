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
            configuration.missingPrograms.map(\.description) == [
                "martlet.toml:4: \"pipe:/usr/lib/no-such-program\": there is no such program; install it, or name another",
                "martlet.toml:6: \"pipe:/usr\": it is no program, but a folder or a device; name another",
            ])
    }
}
