import MailCore
import MailMIME

/// A message such as people send: text and HTML in two languages, and a file.
struct ComposedMail {
    private let from: Mailbox
    private let to: [Mailbox]
    private let text: String
    private let html: String
    private let file: [UInt8]

    /// - Parameter file: what is attached.
    init(file: [UInt8]) throws {
        self.file = file
        from = try Mailbox(EmailAddress("ann@bench.example"), displayName: "Änne Author")
        to = try ["bob", "carol", "dave"].map {
            try Mailbox(EmailAddress("\($0)@bench.example"), displayName: "The \($0)")
        }
        text = String(
            repeating: "Grüße aus Köln, wo es wieder einmal regnet.\nThe second line is longer, and plain.\n", count: 20
        )
        html = String(repeating: "<p>Grüße aus <b>Köln</b>, wo es wieder einmal regnet.</p>\n", count: 30)
    }

    /// Composes the message; gives how many octets it has.
    func compose() -> Int {
        do {
            let message = try MailMessage(
                from: from, to: to, subject: "Wetterbericht: Grüße aus Köln", text: text, html: html,
                attachments: [MailAttachment(fileName: "Köln.png", bytes: file)],
                date: Timestamp(microseconds: 1_790_000_000_000_000), messageID: "0123456789@bench.example")
            return message.bytes.count
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
