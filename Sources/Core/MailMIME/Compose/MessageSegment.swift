import MailCore

/// A stretch of a message as it travels, in the order of writing.
enum MessageSegment: Sendable {
    case octets([UInt8])
    /// To be encoded in base64.
    case base64([UInt8])
    /// To be read, and encoded in base64.
    case file(path: String, size: UInt64)

    /// In octets, as it travels.
    var size: UInt64 {
        switch self {
        case .octets(let bytes): UInt64(bytes.count)
        case .base64(let bytes): Base64.sizeOfLines(UInt64(bytes.count))
        case .file(_, let size): Base64.sizeOfLines(size)
        }
    }

    static func segments(of message: MailMessage) -> [MessageSegment] {
        let content = ComposedPart(message)
        let boundary = Boundary.choose(for: [Array(message.messageID.utf8)] + content.texts.map(\.bytes))
        var layout = Layout(boundary: boundary, texts: content.texts)
        message.appendHeader(to: &layout.octets)
        layout.write(content)
        layout.endOctets()
        return layout.segments
    }
}

/// Lays the parts out one behind another.
private struct Layout {
    let boundary: String
    var octets: [UInt8] = []
    private(set) var segments: [MessageSegment] = []

    init(boundary: String, texts: [TextBody]) {
        self.boundary = boundary
        // With a header as most are.
        octets.reserveCapacity(texts.reduce(2_048) { $0 + $1.bytes.count })
    }

    mutating func endOctets() {
        if !octets.isEmpty { segments.append(.octets(octets)) }
        octets = []
    }

    private mutating func appendBoundary(_ boundary: String) {
        octets.append(text: "\r\n--")
        octets.append(text: boundary)
    }

    mutating func write(_ part: ComposedPart) {
        switch part {
        case .text(let body, _):
            part.appendFields(boundary: "", to: &octets)
            octets += crlf
            octets += body.bytes
        case .attachment(let attachment):
            part.appendFields(boundary: "", to: &octets)
            octets += crlf
            endOctets()
            switch attachment.content {
            case .bytes(let bytes): segments.append(.base64(bytes))
            case .file(let path, let size): segments.append(.file(path: path, size: size))
            }
        case .multipart(let kind, let parts):
            let boundary = kind + boundary
            part.appendFields(boundary: boundary, to: &octets)
            for part in parts {
                appendBoundary(boundary)
                octets += crlf
                write(part)
            }
            appendBoundary(boundary)
            octets.append(text: "--\r\n")
        }
    }
}

private let crlf: [UInt8] = [ASCII.cr, ASCII.lf]
