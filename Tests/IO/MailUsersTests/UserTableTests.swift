import Foundation
import Glibc
import MailSASL
import MailUsers
import Testing

@Suite("Users who can log in")
struct UserTableTests {
    @Test(
        "passwords are checked in the schemes that others write",
        arguments: [
            "{PLAIN}secret", "{PLAIN.b64}c2VjcmV0",
            "{SHA512-CRYPT}$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1",
        ])
    func schemes(text: String) throws {
        let verifier = try PasswordVerifier(text[...])
        #expect(!verifier.fits("Secret"))
        #expect(verifier.fits("secret"))
    }

    @Test("what yescrypt makes, crypt checks")
    func yescrypt() throws {
        let hash = try #require(CryptHash.yescrypt("pässword", salt: Array(0..<16)))
        #expect(hash.text.hasPrefix("$y$"))
        #expect(hash.fits("pässword"))
        #expect(!hash.fits("password"))
        #expect(!CryptHash.ofNobody.fits("password"))
    }

    @Test("a salted hash of LDAP is checked, and written as it was")
    func salted() throws {
        let text = "{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0"
        let verifier = try PasswordVerifier(text[...])
        #expect(verifier.fits("secret") && !verifier.fits("secret!"))
        #expect(verifier.text == text)
    }

    @Test("a file of Dovecot's is read, with what belongs to other programs")
    func dovecot() throws {
        let table = try UserTable(
            """
            # users
            Ann@example.org:{PLAIN}secret:1000:1000::/home/ann::userdb_quota=1G

            bob:$6$abc$def:
            """)
        #expect(table.records.map(\.name) == ["Ann@example.org", "bob"])
        #expect(table.find("ann@EXAMPLE.org")?.fits("secret") == true)
        #expect(table.find("carl") == nil)
    }

    @Test(
        "what is wrong is told with its line, and never with the secret",
        arguments: [
            ("ann", 1), ("ann:", 1), ("ann:hush", 1), ("ann:{ROT13}hush", 1), ("a:{PLAIN}x\nA:{PLAIN}hush", 2),
            ("a b:{PLAIN}hush", 1), ("ann:{SCRAM-SHA-256}hush", 1), (":{PLAIN}hush", 1),
        ])
    func broken(text: String, line: Int) {
        #expect {
            try UserTable(text)
        } throws: { error in
            "\(error)".hasPrefix("line \(line):") && !"\(error)".contains("hush")
        }
    }

    @Test("a table is written as it is read")
    func text() throws {
        let keys = ScramKeys(password: "x", hash: .sha256, salt: [1, 2, 3], iterations: 4_096)
        var table = UserTable()
        table.put(UserRecord(name: "ann", verifiers: [.crypt(.ofNobody), .scram(keys), .plain("a:b")]))
        table.put(UserRecord(name: "bob", verifiers: [.plain("x")]))
        #expect(try UserTable(table.text) == table)
        #expect(table.find("ann")?.keys(for: .sha256) == keys)
        #expect(table.find("ann")?.secret == "a:b")
        #expect(table.remove("ANN") && !table.remove("ann"))
        #expect(table.find("bob") != nil)
    }

    @Test("a file is changed as a whole and belongs to its owner alone")
    func file() throws {
        let folder = NSTemporaryDirectory() + "users-\(UUID().uuidString)"
        mkdir(folder, 0o700)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = UserFile(path: folder + "/users")
        #expect(try file.read().records.isEmpty)
        try file.change { $0.put(UserRecord(name: "ann", verifiers: [.plain("x")])) }
        try file.change { $0.put(UserRecord(name: "bob", verifiers: [.plain("y")])) }
        #expect(try file.read().records.map(\.name) == ["ann", "bob"])
        var status = stat()
        #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: UserFileError.self) {
            try file.change { (_) throws(UserFileError) in throw UserFileError("no") }
        }
        #expect(try file.read().records.count == 2)
    }
}
