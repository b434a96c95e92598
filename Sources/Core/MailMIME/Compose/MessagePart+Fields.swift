import MailCore

extension MessagePart {
    /// The header fields that tell of the part (RFC 2045 §3, RFC 2183).
    ///
    /// - Parameter boundary: of the parts below it.
    func fields(boundary: String) -> [UInt8] {
        switch self {
        case .text(let body, let subtype):
            return FieldWriter.field("Content-Type", Self.parameters("text/\(subtype)", Self.parameters(of: body)))
                + FieldWriter.field("Content-Transfer-Encoding", [body.transferEncoding])
        case .attachment(let attachment): return Self.fields(of: attachment)
        case .multipart(let kind, let parts):
            var parameters = ["boundary=\"\(boundary)\""]
            if kind == "related", let root = parts.first { parameters.append("type=\"\(root.contentType)\"") }
            return FieldWriter.field("Content-Type", Self.parameters("multipart/\(kind)", parameters))
        }
    }

    private static func parameters(of body: TextBody) -> [String] {
        ["charset=utf-8"] + (body.isFlowed ? ["format=flowed"] : [])
    }

    private static func fields(of attachment: MailAttachment) -> [UInt8] {
        let names = FileNameParameter.parameters(of: attachment.fileName)
        var output = FieldWriter.field("Content-Type", [attachment.contentType])
        output += FieldWriter.field("Content-Transfer-Encoding", ["base64"])
        if let id = attachment.contentID { output += FieldWriter.field("Content-ID", ["<\(id)>"]) }
        let disposition = attachment.contentID == nil ? "attachment" : "inline"
        return output + FieldWriter.field("Content-Disposition", parameters(disposition, names))
    }

    /// A value and its parameters, with semicolons between them.
    private static func parameters(_ value: String, _ parameters: [String]) -> [String] {
        ([value] + parameters.dropLast()).map { "\($0);" } + parameters.suffix(1)
    }
}
