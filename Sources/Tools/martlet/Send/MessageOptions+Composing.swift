import MailCore
import MailMIME
import MailServer

extension MessageOptions {
    /// The message that these options describe.
    ///
    /// - Throws: the exit code, after saying what is wrong.
    func outgoing() throws -> OutgoingMessage {
        do {
            let sender = try from.map { try mailbox($0, of: "--from") }
            let to = try (recipients + self.to).map { try mailbox($0, of: "--to") }
            let named = try envelopeSender() ?? sender.map { .mailbox($0.address) }
            if let eml {
                let copies = try cc.map { try mailbox($0, of: "--cc") } + bcc.map { try mailbox($0, of: "--bcc") }
                let file = try MessageFile(path: eml)
                return OutgoingMessage(
                    file, reversePath: try named ?? .mailbox(file.sender()),
                    recipients: try namesRecipients ? (to + copies).map(\.address) : file.recipients())
            }
            guard let sender else { preconditionFailure("a message without sender was checked before") }
            return OutgoingMessage(
                try composed(from: sender, to: to), reversePath: named ?? .mailbox(sender.address))
        } catch let error as CompositionError {
            throw ExitStatus.data.failing("\(error)".escapingControls)
        } catch let error as InputError {
            throw error.status.failing("\(error)".escapingControls)
        }
    }

    private func composed(from sender: Mailbox, to: [Mailbox]) throws -> MailMessage {
        let now = SystemClock.now()
        let attachments = try attach.map { try AttachedFile(path: $0).attachment() }
        let pictures = try inline.map { try AttachedFile(inline: $0).attachment() }
        let html = try self.html ?? htmlFile.map { try InputFile.text(of: $0) }
        let written = try written(hasHTML: html != nil)
        return try MailMessage(
            from: sender, to: to, cc: cc.map { try mailbox($0, of: "--cc") },
            bcc: bcc.map { try mailbox($0, of: "--bcc") }, replyTo: replyTo.map { try mailbox($0, of: "--reply-to") },
            subject: written.subject, text: written.text, html: html, attachments: attachments + pictures, date: now,
            messageID: messageID(at: now, of: sender), inReplyTo: inReplyTo.map(Self.withoutBrackets),
            references: inReplyTo.map(Self.withoutBrackets), fields: header.map { try MailField(parsing: $0) },
            allows8Bit: allows8Bit)
    }

    /// Subject and text: from the options, else from standard input or from the editor.
    private func written(hasHTML: Bool) throws -> (subject: String, text: String?) {
        if text != nil || hasHTML { return (subject ?? "", text) }
        if InputFile.isTerminal {
            if isQuiet { throw InputError(.usage, "there is no text; give --text, or the text on standard input") }
            return try TextEditor.write(subject: subject ?? "")
        }
        return (subject ?? "", try InputFile.text(of: "-"))
    }

    private func envelopeSender() throws -> ReversePath? {
        guard let envelopeFrom else { return nil }
        return envelopeFrom.isEmpty ? .null : .mailbox(try mailbox(envelopeFrom, of: "--envelope-from").address)
    }

    private func mailbox(_ text: String, of option: String) throws -> Mailbox {
        do throws(CompositionError) {
            return try Mailbox(parsing: text)
        } catch {
            throw InputError(.usage, "\(option): \(error)")
        }
    }

    private func messageID(at now: Timestamp, of sender: Mailbox) -> String {
        let domain = sender.address.domain.flatMap { $0.isASCII ? $0.description : nil }
        return "\(now.microseconds).\(UInt64.random(in: 0 ... .max))@\(domain ?? "localhost")"
    }

    private static func withoutBrackets(_ id: String) -> String {
        id.hasPrefix("<") && id.hasSuffix(">") ? String(id.dropFirst().dropLast()) : id
    }
}
