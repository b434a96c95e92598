import Foundation
import MailCore
import MailDirectory
import MailServer
import MailTesting
import Testing

/// Users, aliases and members of lists in files of their own.
struct DomainFilesTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func configuration(users: String = "", aliases: String = "") throws -> String {
        let paths = [
            try folder.write(Data(users.utf8), to: "users"), try folder.write(Data(aliases.utf8), to: "aliases"),
        ]
        return """
            [domain."example.org"]
            users = ["ann"]
            users_file = "\(paths[0])"
            aliases_file = "\(paths[1])"
            """
    }

    private func lookup(_ text: String, _ address: String) throws -> AddressLookup {
        try parse(text).makeDirectory().lookup(EmailAddress(address))
    }

    @Test func `a user a line, and comments`() throws {
        let text = try configuration(users: "# Staff\r\n\r\n  bob\r\ncarol.c  \r\n")
        #expect(try parse(text).domains[0].allUsers.map(\.text) == ["ann", "bob", "carol.c"])
    }

    @Test func `an alias a line, which may go on in the next`() throws {
        let text = try configuration(
            aliases: "# us\ninfo: ann,\n   bob@example.net\n# and\n\"a: b, c\": \"x, y\"@example.net\n")
        let configuration = try parse(text)
        let aliases = configuration.allAliases.map { alias in
            "\(alias.name): " + alias.targets.map { "\($0.address(in: alias.name.host))" }.joined(separator: " ")
        }
        #expect(
            aliases == [
                "info@example.org: ann@example.org bob@example.net", "\"a: b, c\"@example.org: \"x, y\"@example.net",
            ])
        #expect(try lookup(text, "info@example.org") != .unknownUser)
    }

    @Test func `a member of a list a line, besides those in the table`() throws {
        let path = try folder.write(Data("# us\nbob\ndan@example.net\n".utf8), to: "members")
        let list = """
            [domain."example.org"]
            users = ["ann", "bob"]
            [list."staff@example.org"]
            members = ["ann"]
            members_file = "\(path)"
            """
        let staff = try parse(list).lists[0]
        #expect(
            staff.allMembers.map { "\($0.address(in: staff.name.host))" } == [
                "ann@example.org", "bob@example.org", "dan@example.net",
            ])
        #expect(try lookup(list, "staff@example.org") != .unknownUser)
        _ = try folder.write(Data("bob\nnobody\n".utf8), to: "members")
        let complaint = try #require(complaints(about: list).first)
        #expect(complaint.hasPrefix("\(path):2: ") && complaint.contains("nobody@example.org"))
    }

    @Test(arguments: [
        ("bob@example.org", "is no name: it has an @; the domain is that of the table"),
        ("b b", "is no recipient: "),
    ])
    func `a line that is no user is told with its place`(_ line: String, _ message: String) throws {
        let complaint = try #require(complaints(about: try configuration(users: "bob\n\n\(line)\n")).first)
        #expect(complaint.hasPrefix("\(folder.path("users")):3: \"\(line)\" \(message)"))
    }

    @Test(arguments: ["info", "info:", "info: |/bin/sh -c x", "info: ann,,bob", "in fo: ann", ":include:/etc/passwd"])
    func `a line that is no alias is told with its place`(_ line: String) throws {
        let complaint = try #require(complaints(about: try configuration(aliases: "\(line)\n")).first)
        #expect(complaint.hasPrefix("\(folder.path("aliases")):1: \"\(line)\" is no "))
    }

    @Test func `what does not fit together is told with its file and line`() throws {
        #expect(
            complaints(about: try configuration(users: "bob\nann\n", aliases: "#\ninfo: nobody\n")) == [
                "\(folder.path("users")):2: ann@example.org is a user, and a user before",
                "\(folder.path("aliases")):2: the alias info@example.org leads to nobody@example.org, which does not exist",
            ])
        let gone = "[domain.\"example.org\"]\nusers_file = \"/none\""
        #expect(complaints(about: gone) == ["2: \"/none\": there is no such file"])
    }
}
