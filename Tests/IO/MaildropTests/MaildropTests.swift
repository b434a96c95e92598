import Glibc
import MailCore
import MailTesting
import SendmailCore
import Testing

@testable import Maildrop

struct MaildropTests {
    private let directory: TemporaryDirectory
    private let folder: MaildropFolder
    private let inbox: MaildropInbox

    init() throws {
        directory = try TemporaryDirectory()
        folder = MaildropFolder(directory.path("maildrop"))
        inbox = MaildropInbox(folder)
        try folder.prepare(Self.settings)
    }

    private static var settings: MaildropSettings {
        get throws {
            MaildropSettings(
                hostname: try Domain("mail.example.org"), domain: try Domain("example.org"), messageSize: 1_000,
                recipients: 10)
        }
    }

    private var envelope: Envelope {
        get throws {
            Envelope(reversePath: .null, recipients: [EnvelopeRecipient(try EmailAddress("ann@example.org"))])
        }
    }

    private func leave(_ text: String) throws {
        let writer = try DropWriter(folder, envelope)
        try writer.append(Array(text.utf8))
        try writer.commit(body: .eightBit)
    }

    private func names(in folder: String) throws -> [String] { try FileNames.list(folder) }

    @Test func `what is left is there, with its envelope, its user and its octets`() throws {
        try leave("hello\r\n")
        let name = try #require(try inbox.names(limit: 10).first)
        let file = try inbox.open(name)
        #expect(file.head.envelope.recipients == (try envelope.recipients))
        #expect(file.head.envelope.options.body == .eightBit)
        #expect(file.userID == geteuid())
        #expect(try file.read(upTo: 3) == Array("hel".utf8))
        #expect(try file.read(upTo: 100) == Array("lo\r\n".utf8))
        #expect(try file.read(upTo: 100).isEmpty)
        try inbox.remove([name])
        #expect(try inbox.names(limit: 10).isEmpty)
    }

    @Test func `messages come in the order in which they were left, so many at a time`() throws {
        for number in 0..<5 { try leave("\(number)") }
        let names = try inbox.names(limit: 10)
        #expect(try names.map { try inbox.open($0).read(upTo: 9) } == (0..<5).map { Array("\($0)".utf8) })
        #expect(try inbox.names(limit: 2).count == 2)
    }

    @Test func `what was not committed leaves nothing behind`() throws {
        do {
            let writer = try DropWriter(folder, envelope)
            try writer.append([1])
        }
        #expect(try inbox.names(limit: 10).isEmpty)
        #expect(try names(in: folder.tmp).isEmpty)
    }

    @Test func `others may leave mail, but see nothing of others'`() throws {
        try leave("secret")
        func mode(_ path: String) -> mode_t {
            var status = stat()
            return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
        }
        #expect(mode(folder.new) == 0o3733)
        #expect(mode(folder.tmp) == 0o3733)
        #expect(mode(folder.damaged) == 0o700)
        #expect(mode("\(folder.new)/\(try inbox.names(limit: 1)[0])") == 0o640)
    }

    @Test func `a message that is cut off, or longer than it says, is none`() throws {
        try leave("hello")
        let name = try inbox.names(limit: 1)[0]
        let path = "\(folder.new)/\(name)"
        var status = stat()
        #expect(stat(path, &status) == 0)
        for length in [0, 10, status.st_size - 1, status.st_size + 1] {
            #expect(truncate(path, length) == 0)
            #expect(throws: DropFileError.self) { try inbox.open(name) }
        }
        #expect(try inbox.setAside(name).hasPrefix(folder.damaged))
        #expect(try inbox.names(limit: 1).isEmpty)
    }

    @Test func `nobody hands in another's file, nor makes the server wait`() throws {
        try leave("hello")
        let name = try inbox.names(limit: 1)[0]
        #expect(link("\(folder.new)/\(name)", "\(folder.new)/second") == 0)
        #expect(throws: DropFileError.self) { try inbox.open("second") }
        #expect(symlink("/etc/passwd", "\(folder.new)/symbolic") == 0)
        #expect(throws: DropFileError.self) { try inbox.open("symbolic") }
        #expect(mkfifo("\(folder.new)/pipe", 0o644) == 0)
        #expect(throws: DropFileError.self) { try inbox.open("pipe") }
        #expect(mkdir("\(folder.new)/folder", 0o755) == 0)
        #expect(try Set(inbox.names(limit: 10)) == [name, "second"])
    }

    @Test func `what was begun long ago is removed, and what was begun now is not`() throws {
        let writer = try DropWriter(folder, envelope)
        try FileNames.make("\(folder.tmp)/old", modified: time(nil) - 40 * 3_600)
        try inbox.removeAbandoned()
        #expect(try names(in: folder.tmp).count == 1)
        try writer.commit(body: .sevenBit)
        #expect(try inbox.names(limit: 10).count == 1)
    }

    @Test func `the settings are read back; without a server there are none`() throws {
        #expect(try folder.readSettings() == (try Self.settings))
        #expect(try MaildropFolder(directory.path("none")).readSettings() == nil)
    }
}
