import MailCore

/// A message's content as a tree (RFC 2046 §5.1): mixed > related > alternative, each only where it is needed.
indirect enum MessagePart {
    case text(TextBody, subtype: String)
    case attachment(MailAttachment)
    /// - Parameter kind: the subtype, which also keeps the boundaries of nested parts apart.
    case multipart(kind: String, [MessagePart])

    init(_ message: MailMessage) {
        let inline = message.html == nil ? [] : message.attachments.filter { $0.contentID != nil }
        let beside = message.html == nil ? message.attachments : message.attachments.filter { $0.contentID == nil }
        var bodies = Self.bodies(of: message)
        if bodies.isEmpty, beside.isEmpty { bodies = [Self.plain("", message)] }
        let body = Self.combined("alternative", bodies)
        let related = Self.combined("related", body + inline.map(MessagePart.attachment))
        let parts = related + beside.map(MessagePart.attachment)
        if parts.count == 1, let only = parts.first, !only.isAttachment {
            self = only
        } else {
            self = .multipart(kind: "mixed", parts)
        }
    }

    private var isAttachment: Bool {
        if case .attachment = self { true } else { false }
    }

    /// What readers choose from, the best last.
    private static func bodies(of message: MailMessage) -> [MessagePart] {
        var bodies: [MessagePart] = []
        if let text = message.text { bodies.append(plain(text, message)) }
        if let html = message.html {
            bodies.append(.text(TextBody(octets: Array(html.utf8), allows8Bit: message.allows8Bit), subtype: "html"))
        }
        return bodies
    }

    private static func plain(_ text: String, _ message: MailMessage) -> MessagePart {
        .text(TextBody(octets: Array(text.utf8), mayFlow: true, allows8Bit: message.allows8Bit), subtype: "plain")
    }

    /// The parts under one roof where they are several.
    private static func combined(_ kind: String, _ parts: [MessagePart]) -> [MessagePart] {
        parts.count > 1 ? [.multipart(kind: kind, parts)] : parts
    }

    /// `type/subtype`.
    var contentType: String {
        switch self {
        case .text(_, let subtype): "text/\(subtype)"
        case .attachment(let attachment): attachment.contentType
        case .multipart(let kind, _): "multipart/\(kind)"
        }
    }

    /// The texts in it, in any of which the line between parts might stand.
    var texts: [TextBody] {
        switch self {
        case .text(let body, _): [body]
        case .attachment: []
        case .multipart(_, let parts): parts.flatMap(\.texts)
        }
    }
}
