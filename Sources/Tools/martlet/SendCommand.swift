import ArgumentParser
import FoundationEssentials
import MailCore
import MailMIME
import MailServer
import NIOCore
import SMTPClient
import SMTPCore

struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Write a message and send it.",
        discussion: """
            The exit code is 0 only if the server took the message for every recipient.

            EXAMPLES
              martlet send --from me@example.net --to ann@localhost --subject Hello --text 'How are you?'
              martlet send --from me@example.net --to ann@localhost --attach picture.png --dialogue
              martlet send --from me@example.net --to ann@example.org --via smtp://mail.example.org:25
            """)

    @Option(help: "The sender's address.") var from: String
    @Option(help: "A recipient's address; may be given several times.") var to: [String]
    @Option(help: "The subject.") var subject = ""
    @Option(help: "The text.") var text = ""
    @Option(help: ArgumentHelp("A file to attach; may be given several times.", valueName: "file")) var attach:
        [String] = []
    @Option(help: ArgumentHelp("The server, as smtp://host:port or lmtp://host:port.", valueName: "url"))
    var via = "smtp://127.0.0.1:2525"
    @Flag(help: "Show the dialogue: > is what we say, < what the server says.") var dialogue = false

    func run() async throws {
        let message = try compose()
        let envelope = Envelope(
            reversePath: .mailbox(message.from.address), recipients: message.to.map { EnvelopeRecipient($0.address) },
            options: EnvelopeOptions(smtputf8: message.needsSMTPUTF8))
        let receipt = try await send(envelope, ByteBuffer(bytes: message.bytes))
        var refused = 0
        for (recipient, outcome) in zip(envelope.recipients, receipt.outcomes) where outcome.action != .delivered {
            refused += 1
            StandardError.print(
                "martlet: <\(recipient.address)>: \(outcome.status) \(outcome.diagnostic.escapingControls)")
        }
        if refused > 0 { throw ExitCode(ExitStatus.unavailable.rawValue) }
        if !dialogue, let reply = receipt.reply { print("Sent: \(reply.description.escapingControls)") }
    }

    private func compose() throws -> MailMessage {
        let now = SystemClock.now()
        do {
            let sender = try Mailbox(EmailAddress(from))
            let attachments = try attach.map { path in
                let name = path.split(separator: "/").last.map(String.init) ?? path
                let bytes = try contents(of: path)
                return try MailAttachment(fileName: name, contentType: ContentType.of(fileName: name), bytes: bytes)
            }
            return try MailMessage(
                from: sender, to: to.map { try Mailbox(EmailAddress($0)) }, subject: subject, text: text,
                attachments: attachments, date: now,
                messageID: "\(now.microseconds).\(UInt32.random(in: 0 ... .max))@\(sender.address.host)")
        } catch let error as AddressError {
            throw ExitStatus.usage.failing("\(error)")
        } catch let error as CompositionError {
            throw ExitStatus.data.failing("\(error)")
        }
    }

    private func contents(of path: String) throws -> [UInt8] {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw ExitStatus.noInput.failing("\(path) cannot be read")
        }
        return Array(data)
    }

    private func send(_ envelope: Envelope, _ message: ByteBuffer) async throws -> SMTPReceipt {
        do {
            let url = try SMTPURL(via)
            let name =
                ConfigurationEnvironment.current.hostname.map(MailHost.domain)
                ?? .address(.v4(.init(bits: 0x7F00_0001)))
            var configuration = SMTPClientConfiguration(localName: name)
            if dialogue { configuration.transcript = { print($0.description.escapingControls) } }
            let connection = try await SMTPConnection.connect(to: url, configuration: configuration)
            let receipt = try await connection.send(envelope, message)
            await connection.quit()
            return receipt
        } catch let error as SMTPURLError {
            throw ExitStatus.usage.failing("\(error)")
        } catch let error as SMTPError {
            let hint = error.hint.map { " (\($0))" } ?? ""
            throw (error.isTransient ? ExitStatus.tryAgain : .unavailable).failing("\(error)\(hint)".escapingControls)
        }
    }
}
