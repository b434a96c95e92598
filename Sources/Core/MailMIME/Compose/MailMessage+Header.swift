import MailCore

extension MailMessage {
    /// Writes the header fields of the message as a whole, up to those of its content.
    func appendHeader(to output: inout [UInt8]) {
        FieldWriter.append("Date", [date.mailDate], to: &output)
        FieldWriter.append("From", [from], to: &output)
        if !replyTo.isEmpty { FieldWriter.append("Reply-To", replyTo, to: &output) }
        if !to.isEmpty { FieldWriter.append("To", to, to: &output) }
        if !cc.isEmpty { FieldWriter.append("Cc", cc, to: &output) }
        // Some servers refuse a message that names nobody.
        if to.isEmpty, cc.isEmpty { FieldWriter.append("To", ["undisclosed-recipients:;"], to: &output) }
        FieldWriter.append("Subject", Phrase.unstructured(subject), to: &output)
        FieldWriter.append("Message-ID", ["<\(messageID)>"], to: &output)
        if !inReplyTo.isEmpty { FieldWriter.append("In-Reply-To", inReplyTo.map { "<\($0)>" }, to: &output) }
        if !references.isEmpty { FieldWriter.append("References", references.map { "<\($0)>" }, to: &output) }
        for field in fields { field.append(to: &output) }
        FieldWriter.append("MIME-Version", ["1.0"], to: &output)
    }
}
