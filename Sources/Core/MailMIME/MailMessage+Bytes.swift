import MailCore

extension MailMessage {
    /// The message as it travels: header and body in lines that end with CRLF. The same value gives the same octets.
    public var bytes: [UInt8] {
        let body = TextBody(text)
        var output = commonFields
        guard !attachments.isEmpty else {
            output += Self.textFields(body) + crlf + body.bytes
            return output
        }
        let boundary = Boundary.choose(for: self, body: body)
        output += FieldWriter.field("Content-Type", ["multipart/mixed;", "boundary=\"\(boundary)\""])
        output += crlf
        output += Self.line("--\(boundary)") + Self.textFields(body) + crlf + body.bytes
        for attachment in attachments {
            output += crlf + Self.line("--\(boundary)") + Self.fields(of: attachment) + crlf
            output += Base64.encodeLines(attachment.bytes)
        }
        output += crlf + Self.line("--\(boundary)--")
        return output
    }

    private var commonFields: [UInt8] {
        var output = FieldWriter.field("Date", [date.mailDate])
        output += FieldWriter.field("From", [from])
        if !to.isEmpty { output += FieldWriter.field("To", to) }
        if !cc.isEmpty { output += FieldWriter.field("Cc", cc) }
        output += FieldWriter.field("Subject", Phrase.unstructured(subject))
        output += FieldWriter.field("Message-ID", ["<\(messageID)>"])
        output += FieldWriter.field("MIME-Version", ["1.0"])
        return output
    }

    private static func textFields(_ body: TextBody) -> [UInt8] {
        FieldWriter.field("Content-Type", ["text/plain;", "charset=utf-8"])
            + FieldWriter.field("Content-Transfer-Encoding", [body.transferEncoding])
    }

    private static func fields(of attachment: MailAttachment) -> [UInt8] {
        let parameters = FileNameParameter.parameters(of: attachment.fileName)
        let last = parameters.count - 1
        let disposition = ["attachment;"] + parameters.enumerated().map { $0 == last ? $1 : "\($1);" }
        return FieldWriter.field("Content-Type", [attachment.contentType])
            + FieldWriter.field("Content-Transfer-Encoding", ["base64"])
            + FieldWriter.field("Content-Disposition", disposition)
    }

    private static func line(_ text: String) -> [UInt8] { Array(text.utf8) + crlf }
}

private let crlf: [UInt8] = [ASCII.cr, ASCII.lf]
