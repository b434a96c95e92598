import MailCore
import MailDirectory
import Testing

struct FolderNameTests {
    @Test(
        "A folder's name is one harmless path component, whatever the user is called",
        arguments: [
            ("ann", "ann"), ("Ann.Smith", "ann.smith"), ("c++", "c++"), ("a_b-c=d", "a_b-c=d"),
            ("../../x", "%2E.%2F..%2Fx"), (".", "%2E"), ("..", "%2E."), ("/", "%2F"),
            ("/etc/passwd", "%2Fetc%2Fpasswd"),
            ("a%2Fb", "a%252fb"), ("a b", "a%20b"), ("|/bin/sh", "%7C%2Fbin%2Fsh"), ("$(id)", "%24%28id%29"),
            ("-oQ", "-oq"), ("jürgen", "j%C3%BCrgen"),
        ])
    func encodes(name: String, folder: String) throws {
        #expect(FolderName(user: try LocalPart(name)).description == folder)
    }

    @Test(
        "A name with a NUL or line end is no local part, so it never becomes a folder", arguments: ["a\0", "a\n", "\r"])
    func controlCharacters(name: String) {
        #expect(throws: AddressError.self) { try LocalPart(name) }
    }

    @Test("Different users have different folders, however their names imitate the encoding")
    func injective() throws {
        let names = ["a/b", "a%2Fb", "a%252Fb", ".a", "%2Ea", "a.", "..", "%2E.", "a b", "a+b"]
        let folders = Set(try names.map { FolderName(user: try LocalPart($0)).description })
        #expect(folders.count == names.count)
    }

    @Test("A mailbox lies below the root, in the folder of its domain and user")
    func mailbox() throws {
        let directory = AddressDirectory(domains: [
            LocalDomain(
                try Domain("Example.ORG"), users: [try LocalPart("../x")], delivery: .maildir(root: "/var/mail"))
        ])
        guard case .mailbox(let mailbox) = directory.lookup(try address("\"../x\"@example.org")) else {
            Issue.record("not found")
            return
        }
        #expect(mailbox.delivery == .maildir(folder: "/var/mail/example.org/%2E.%2Fx"))
    }
}
