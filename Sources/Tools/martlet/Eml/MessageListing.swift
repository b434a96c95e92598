import MailCore
import MailMIME
import MailServer

/// A message as people read it on a terminal.
enum MessageListing {
    /// A line for each part: number, type, size, name.
    static func tree(of message: ParsedMessage) -> String {
        var lines = ["from", "to", "cc", "date", "subject"].compactMap { name in
            message.root.field(name).map { "\(safe($0.name)): \(safe($0.text))" }
        }
        if !lines.isEmpty { lines.append("") }
        append(message.root, depth: 0, to: &lines)
        lines += message.defects.map { "defect: \($0.kind.rawValue) at octet \($0.offset)" }
        return lines.joined(separator: "\n")
    }

    /// The fields of the header, decoded, a line each.
    static func headers(of message: ParsedMessage) -> String {
        message.root.fields.map { "\(safe($0.name)): \(safe($0.text))" }.joined(separator: "\n")
    }

    static func text(of message: ParsedMessage) -> String {
        if let text = message.text, !text.isEmpty { return safe(lines: text) }
        return message.html.map { safe(lines: $0) } ?? ""
    }

    /// Text with its line ends and tabs, and every other control character written as `\u{…}`.
    static func safe(lines text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
            .map { line in
                line.split(separator: "\t", omittingEmptySubsequences: false).map { safe(String($0)) }
                    .joined(separator: "\t")
            }
            .joined(separator: "\n")
    }

    private static func append(_ part: MessagePart, depth: Int, to lines: inout [String]) {
        var line = "\(String(repeating: "  ", count: depth))\(part.index)  \(safe(part.mediaType))"
        if let charset = part.charset { line += "; \(safe(charset))" }
        line += "  \(size(of: part)) octets"
        if let name = part.fileName { line += "  \"\(safe(name))\"" }
        if let elsewhere = part.externalBody { line += "  \(safe(place(of: elsewhere)))" }
        lines.append(line)
        for file in part.uuencodedFiles {
            let type = ContentType.of(fileName: file.name)
            lines.append(
                "\(String(repeating: "  ", count: depth + 1))uuencoded  \(type)  \(file.bytes.count) octets"
                    + "  \"\(safe(file.name))\"")
        }
        for inner in part.parts { append(inner, depth: depth + 1, to: &lines) }
    }

    /// In octets, decoded.
    private static func size(of part: MessagePart) -> Int {
        if part.isMultipart || part.isMessage { return part.bodyRange.count }
        var size = 0
        part.forEachDecodedPiece { size += $0.count }
        return size
    }

    private static func place(of body: ExternalBody) -> String {
        let names = [body.url, body.server, body.site, body.directory, body.name].compactMap { $0 }
        return "at \(body.accessType) \(names.joined(separator: " "))"
    }

    private static func safe(_ text: String) -> String { text.escapingControls }
}
