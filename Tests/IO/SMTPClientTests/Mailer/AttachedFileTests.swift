import Foundation
import MailCore
import MailMIME
import MailTesting
import SMTPClient
import Testing

@Suite struct AttachedFileTests {
    @Test func filesAreReadWhenTheMessageIsSent() async throws {
        let folder = try TemporaryDirectory()
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try folder.write(Data(bytes), to: "data.bin")
        let memory = MemoryTransport()
        let file = try MailAttachment(fileName: "data.bin", content: .file(path: path, size: UInt64(bytes.count)))
        try await Mailer(transport: memory).send(with(file))
        let other = try MailAttachment(fileName: "data.bin", bytes: bytes)
        let expected = try with(other).bytes.count
        #expect(memory.submissions[0].content.count == expected)
        #expect(memory.submissions[0].text.contains(Data(bytes.prefix(57)).base64EncodedString()))
    }

    @Test func aFileThatCannotBeReadIsNamed() async throws {
        let folder = try TemporaryDirectory()
        let memory = MemoryTransport()
        let path = folder.path("absent.pdf")
        let file = try MailAttachment(fileName: "absent.pdf", content: .file(path: path, size: 10))
        let error = try await #require(throws: SMTPError.self) { try await Mailer(transport: memory).send(with(file)) }
        #expect(error.description == "\(path): No such file or directory")
        let short = try MailAttachment(
            fileName: "a", content: .file(path: try folder.write(Data("abc".utf8), to: "a"), size: 10))
        await #expect(throws: SMTPError.self) { try await Mailer(transport: memory).send(with(short)) }
        #expect(memory.submissions.isEmpty)
    }

    private func with(_ attachment: MailAttachment) throws -> MailMessage {
        try MailMessage(
            from: "ann@client.example", to: ["bob@mx.example"], subject: "File", text: "See it.",
            attachments: [attachment], date: Timestamp(microseconds: 0), messageID: "1@client.example")
    }
}
