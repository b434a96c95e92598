import MailMIME
import SMTPClient
import Synchronization
import Testing

@Suite struct LogTransportTests {
    @Test func saysWhoWouldGetTheMessageAndNothingOfWhatItSays() async throws {
        let lines = LogLines()
        let mailer = Mailer(transport: LogTransport { lines.add($0) })
        let message = try MailMessage(
            from: "Shop <shop@client.example>", to: ["ann@mx.example"], bcc: ["audit@mx.example"],
            subject: "Your code is 1234", text: "4321",
            attachments: [MailAttachment(fileName: "secret.txt", bytes: Array("5678".utf8))])
        let receipt = try await mailer.send(message)
        #expect(receipt.accepted.count == 2)
        let expected =
            "mail not sent, only logged: from=<shop@client.example> to=<ann@mx.example>,<audit@mx.example> "
            + "size=\(message.bytes.count) attachments=1 message-id=<\(message.messageID)>"
        #expect(lines.all == [expected])
    }

    @Test func ofManyRecipientsItNamesTheFirst() async throws {
        let lines = LogLines()
        let names = (1...12).map { "user\($0)" }
        let recipients = try names.map { try Mailbox(parsing: "\($0)@mx.example") }
        try await Mailer(transport: LogTransport { lines.add($0) }).send(
            MailMessage(from: "ann@client.example", to: recipients, subject: "x", text: "x"))
        #expect(lines.all[0].contains("<user10@mx.example> and 2 more size="))
    }
}

private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock(\.self) }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
