import Foundation
import Glibc
import LocalMail
import MailCore
import NIOCore
import QueueCore
import Testing

@Suite struct MaildirAgentTests {
    let folder: MailboxFolder
    let agent = MaildirAgent(host: host)

    init() throws { folder = try MailboxFolder() }

    @Test func writesPrefixAndBodyAndMakesTheFolders() throws {
        let outcomes = agent.deliver([folder.delivery()])
        #expect(outcomes.map(\.action) == [.delivered])
        let names = folder.names("example.org/ann/new")
        #expect(names.count == 1)
        let expected = "Delivered-To: ann@example.org\r\nSubject: Hello\r\n\r\nHello.\r\n"
        #expect(try folder.bytes("example.org/ann/new/\(names[0])") == Array(expected.utf8))
        #expect(names[0].hasSuffix(",S=\(expected.utf8.count)"))
        #expect(names[0].hasPrefix("1763763898."))
        #expect(folder.names("example.org/ann") == ["cur", "new", "tmp"])
        #expect(folder.names("example.org/ann/tmp").isEmpty)
    }

    @Test func onlyTheOwnerCanReadMailboxAndMessage() throws {
        _ = agent.deliver([folder.delivery()])
        let name = try #require(folder.names("example.org/ann/new").first)
        for (path, mode) in [
            ("example.org/ann", 0o700), ("example.org/ann/new", 0o700), ("example.org/ann/new/\(name)", 0o600),
        ] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(path))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    @Test func streamsABodyFromAFileAndKeepsEveryOctet() throws {
        let body = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try folder.write(Array("before".utf8) + body + Array("behind".utf8), to: "spooled")
        let content = MessageContent(
            prefix: ByteBuffer(string: "X: y\r\n"),
            body: .file(path: folder.path("spooled"), offset: 6, length: UInt64(body.count)))
        let delivery = MaildirDelivery(
            mailbox: folder.path("box"), queueID: QueueID(rawValue: 1), recipientNumber: 0, content: content)
        #expect(agent.deliver([delivery]).map(\.action) == [.delivered])
        let name = try #require(folder.names("box/new").first)
        #expect(try folder.bytes("box/new/\(name)") == Array("X: y\r\n".utf8) + body)
    }

    @Test func aBodyFileThatIsTooShortIsNotDelivered() throws {
        try folder.write([1, 2, 3], to: "spooled")
        let content = MessageContent(
            prefix: ByteBuffer(), body: .file(path: folder.path("spooled"), offset: 0, length: 4))
        let delivery = MaildirDelivery(
            mailbox: folder.path("box"), queueID: QueueID(rawValue: 1), recipientNumber: 0, content: content)
        #expect(agent.deliver([delivery]).map(\.action) == [.deferred])
        #expect(folder.names("box/new").isEmpty && folder.names("box/tmp").isEmpty)
    }

    @Test func aRepeatIsDeliveredOnce() {
        for _ in 1...3 { #expect(agent.deliver([folder.delivery()]).map(\.action) == [.delivered]) }
        #expect(folder.names("example.org/ann/new").count == 1)
    }

    @Test(arguments: ["", ":2,", ":2,RS"]) func aRepeatIsFoundWhereTheReaderHasMovedIt(flags: String) throws {
        _ = agent.deliver([folder.delivery()])
        let name = try #require(folder.names("example.org/ann/new").first)
        let box = folder.path("example.org/ann")
        try FileManager.default.moveItem(atPath: "\(box)/new/\(name)", toPath: "\(box)/cur/\(name)\(flags)")
        // The prefix may have changed between the attempts, and with it the size in the name.
        let outcomes = agent.deliver([folder.delivery(prefix: "Received: again\r\nX: y\r\n")])
        #expect(outcomes.map(\.action) == [.delivered])
        #expect(folder.names("example.org/ann/new").isEmpty)
        #expect(folder.names("example.org/ann/cur").count == 1)
    }

    @Test func eachRecipientAndEachMessageHasItsOwnCopy() {
        let outcomes = agent.deliver([
            folder.delivery(recipient: 0), folder.delivery(recipient: 1), folder.delivery(id: 2, recipient: 0),
        ])
        #expect(outcomes.map(\.action) == [.delivered, .delivered, .delivered])
        #expect(folder.names("example.org/ann/new").count == 3)
    }

    @Test func neverOverwritesAFile() throws {
        _ = agent.deliver([folder.delivery()])
        let name = try #require(folder.names("example.org/ann/new").first)
        try folder.write(Array("the first".utf8), to: "example.org/ann/new/\(name)")
        // A first attempt does not look for repeats: here the move itself must refuse.
        let first = folder.delivery()
        let again = MaildirDelivery(
            mailbox: first.mailbox, queueID: first.queueID, recipientNumber: 0, content: first.content,
            mayBeRepeat: false)
        #expect(agent.deliver([again]).map(\.action) == [.delivered])
        #expect(try folder.bytes("example.org/ann/new/\(name)") == Array("the first".utf8))
        #expect(folder.names("example.org/ann/tmp").isEmpty)
    }

    @Test func replacesWhatAnAttemptCutShortHasLeft() throws {
        _ = agent.deliver([folder.delivery()])
        let name = try #require(folder.names("example.org/ann/new").first)
        let box = folder.path("example.org/ann")
        try FileManager.default.moveItem(atPath: "\(box)/new/\(name)", toPath: "\(box)/tmp/\(name)")
        try folder.write(Array("torn".utf8), to: "example.org/ann/tmp/\(name)")
        #expect(agent.deliver([folder.delivery()]).map(\.action) == [.delivered])
        #expect(try folder.bytes("example.org/ann/new/\(name)").count > 4)
        #expect(folder.names("example.org/ann/tmp").isEmpty)
    }

    @Test func namesAreMadeOfTheQueueIDAndTheHostAlone() throws {
        _ = agent.deliver([folder.delivery(id: .max, recipient: 99_999)])
        let name = try #require(folder.names("example.org/ann/new").first)
        #expect(name.utf8.allSatisfy { $0.isASCIILetterOrDigit || ".,=".utf8.contains($0) })
        #expect(name.first != ".")
        #expect(name.utf8.count < 255)
    }
}
