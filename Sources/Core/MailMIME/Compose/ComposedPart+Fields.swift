import MailCore

extension ComposedPart {
    /// Writes the header fields that tell of the part (RFC 2045 §3, RFC 2183).
    ///
    /// - Parameter boundary: of the parts below it.
    func appendFields(boundary: String, to output: inout [UInt8]) {
        switch self {
        case .text(let body, let subtype):
            let parameters = Self.parameters("text/\(subtype)", Self.parameters(of: body))
            FieldWriter.append("Content-Type", parameters, to: &output)
            FieldWriter.append("Content-Transfer-Encoding", [body.transferEncoding], to: &output)
        case .attachment(let attachment): Self.appendFields(of: attachment, to: &output)
        case .multipart(let kind, let parts):
            var parameters = ["boundary=\"\(boundary)\""]
            if kind == "related", let root = parts.first { parameters.append("type=\"\(root.contentType)\"") }
            FieldWriter.append("Content-Type", Self.parameters("multipart/\(kind)", parameters), to: &output)
        }
    }

    private static func parameters(of body: TextBody) -> [String] {
        ["charset=utf-8"] + (body.isFlowed ? ["format=flowed"] : [])
    }

    private static func appendFields(of attachment: MailAttachment, to output: inout [UInt8]) {
        let names = FileNameParameter.parameters(of: attachment.fileName)
        FieldWriter.append("Content-Type", [attachment.contentType], to: &output)
        FieldWriter.append("Content-Transfer-Encoding", ["base64"], to: &output)
        if let id = attachment.contentID { FieldWriter.append("Content-ID", ["<\(id)>"], to: &output) }
        let disposition = attachment.contentID == nil ? "attachment" : "inline"
        FieldWriter.append("Content-Disposition", parameters(disposition, names), to: &output)
    }

    /// A value and its parameters, with semicolons between them.
    private static func parameters(_ value: String, _ parameters: [String]) -> [String] {
        ([value] + parameters.dropLast()).map { "\($0);" } + parameters.suffix(1)
    }
}
