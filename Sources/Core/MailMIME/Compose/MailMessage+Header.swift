import MailCore

extension MailMessage {
    /// The header fields of the message as a whole, up to those of its content.
    var header: [UInt8] {
        var output = FieldWriter.field("Date", [date.mailDate])
        output += FieldWriter.field("From", [from])
        if !replyTo.isEmpty { output += FieldWriter.field("Reply-To", replyTo) }
        if !to.isEmpty { output += FieldWriter.field("To", to) }
        if !cc.isEmpty { output += FieldWriter.field("Cc", cc) }
        // Some servers refuse a message that names nobody.
        if to.isEmpty, cc.isEmpty { output += FieldWriter.field("To", ["undisclosed-recipients:;"]) }
        output += FieldWriter.field("Subject", Phrase.unstructured(subject))
        output += FieldWriter.field("Message-ID", ["<\(messageID)>"])
        if !inReplyTo.isEmpty { output += FieldWriter.field("In-Reply-To", inReplyTo.map { "<\($0)>" }) }
        if !references.isEmpty { output += FieldWriter.field("References", references.map { "<\($0)>" }) }
        for field in fields { output += field.bytes }
        return output + FieldWriter.field("MIME-Version", ["1.0"])
    }
}
