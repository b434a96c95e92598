import Foundation
import LocalMail
import MailCore
import MailMIME
import NIOCore
import QueueCore
import Testing

/// Binary messages where lines are expected: in mailboxes and programs.
struct BinaryDeliveryTests {
    private static let head = "MIME-Version: 1.0\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: "
    private static let binary = head + "binary\r\n\r\na\n\0\r"
    private static let lines = head + "base64\r\n\r\nYQoADQ==\r\n"
    private static let prefix = "Delivered-To: ann@example.org\r\n"

    private func content(_ body: MessageContent.Body) -> MessageContent {
        MessageContent(prefix: ByteBuffer(string: Self.prefix), body: body)
    }

    /// The message in memory, and in a file.
    private func bodies(_ text: String, _ folder: MailboxFolder) throws -> [MessageContent.Body] {
        try folder.write(Array("xx\(text)".utf8), to: "body")
        let file = MessageContent.Body.file(path: folder.path("body"), offset: 2, length: UInt64(text.utf8.count))
        return [.memory(ByteBuffer(string: text)), file]
    }

    @Test func `a mailbox gets lines, and a name with the size of what is there`() throws {
        let folder = MailboxFolder.self
        for index in 0..<2 {
            let folder = try folder.init()
            try FileManager.default.createDirectory(
                atPath: folder.path("example.org"), withIntermediateDirectories: true)
            let content = content(try bodies(Self.binary, folder)[index])
            let delivery = MaildirDelivery(
                mailbox: folder.path("example.org/ann"), queueID: QueueID(rawValue: 1_763_763_898_000_000),
                recipientNumber: 0, content: content, plan: content.linesPlan)
            #expect(MaildirAgent(host: host).deliver([delivery]).map(\.action) == [.delivered])
            let name = try #require(folder.names("example.org/ann/new").first)
            let written = try folder.bytes("example.org/ann/new/\(name)")
            #expect(written == Array((Self.prefix + Self.lines).utf8))
            #expect(name.hasSuffix(",S=\(written.count)"))
        }
    }

    @Test func `a program gets lines`() throws {
        let folder = try MailboxFolder()
        for body in try bodies(Self.binary, folder) {
            let content = content(body)
            let delivery = ProgramDelivery(
                path: "/bin/sh", arguments: ["-c", "cat > '\(folder.path("out"))'"],
                environment: ["PATH=/usr/bin:/bin"], content: content, plan: content.linesPlan)
            #expect(ProgramAgent().deliver(delivery).action == .delivered)
            #expect(try folder.bytes("out") == Array((Self.prefix + Self.lines).utf8))
        }
    }

    @Test func `what cannot be changed, and what need not, stays octet for octet`() throws {
        let folder = try MailboxFolder()
        let signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\na\n\r\n--b--\r\n"
        for text in [signed, Self.head + "8bit\r\n\r\né\r\n"] {
            for body in try bodies(text, folder) { #expect(content(body).linesPlan == nil) }
        }
    }

    @Test func `a body that ends before its time is an error, and no shorter message`() throws {
        let folder = try MailboxFolder()
        try folder.write(Array("Subject: a\r\n".utf8), to: "body")
        let content = content(.file(path: folder.path("body"), offset: 0, length: 100))
        #expect(throws: SystemError.self) { try content.survey() }
        #expect(throws: SystemError.self) { try content.downgradePlan(to: .sevenBit).get() }
    }
}
