import MailCore
import MailServer
import Testing

/// `[commands]` and `[turn]`.
struct CommandConfigurationTests {
    @Test("Each command has its own grounds; what is not said is for trusted networks and authenticated users")
    func grounds() throws {
        let commands = try parse(
            """
            [commands]
            verify = ["192.0.2.0/24", "authenticated"]
            expand = []
            xclient = ["192.0.2.9"]
            """
        ).commands
        #expect(commands.verify == [.network(try IPNetwork("192.0.2.0/24")), .authenticated])
        #expect(commands.expand == [])
        #expect(commands.terminals == [.trusted, .authenticated])
        #expect(commands.etrn == [.trusted, .authenticated])
        #expect(commands.xclient == [try IPNetwork("192.0.2.9")])
        #expect(try parse("").commands.xclient == [])
    }

    @Test("A peer comes under the name of its table, unless it has another")
    func peers() throws {
        let turns = try parse(
            """
            [turn.ann]
            domains = ["a.example"]
            [turn.bob]
            user = "bob@example.org"
            domains = ["b.example"]
            turn = true
            """
        ).turns
        #expect(turns.map(\.identity) == ["ann", "bob@example.org"])
        #expect(turns.map(\.turn) == [false, true])
    }

    @Test(
        "What cannot be is refused",
        arguments: [
            (
                "commands.verify = [\"everybody\"]",
                "1: verify has an element that must be \"trusted\", \"authenticated\" or a network: everybody is no IP network"
            ),
            ("[turn.ann]\nturn = true", "1: [turn.ann] lacks \"domains\""),
            (
                "[turn.a]\ndomains = [\"x.example\"]\n[turn.b]\ndomains = [\"x.example\"]",
                "4: x.example is of [turn.a] already"
            ),
            (
                "[turn.a]\ndomains = [\"a.example\"]\n[turn.b]\nuser = \"a\"\ndomains = [\"b.example\"]",
                "3: [turn.a] is for the same user"
            ),
            (
                "[domain.\"x.example\"]\n[turn.a]\ndomains = [\"x.example\"]",
                "3: the mail of x.example ends here, and waits for nobody"
            ),
        ])
    func refused(text: String, complaint: String) {
        #expect(complaints(about: text).contains(complaint), "\(complaints(about: text))")
    }
}
