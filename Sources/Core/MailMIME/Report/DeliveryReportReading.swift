import MailCore

/// What a delivery report says (RFC 3464): the machine-readable part of a multipart/report.
public struct DeliveryReportReading: Hashable, Sendable {
    public struct Recipient: Hashable, Sendable {
        /// The address without its type (RFC 3464 §2.3.2).
        public let finalRecipient: String?
        public let originalRecipient: String?
        /// failed, delayed, delivered, relayed or expanded, in lower case.
        public let action: String?
        /// The enhanced status without its comment (RFC 3463).
        public let status: String?
        public let remoteMTA: String?
        public let diagnostic: String?
    }

    public let reportingMTA: String?
    public let recipients: [Recipient]

    /// Nil if the message holds no message/delivery-status part.
    public init?(_ message: ParsedMessage) {
        let types: Set = ["message/delivery-status", "message/global-delivery-status"]
        guard let part = message.allParts.first(where: { types.contains($0.mediaType) }) else { return nil }
        let blocks = Self.blocks(part.decodedBody().bytes)
        reportingMTA = blocks.lazy.compactMap { Self.typed($0["reporting-mta"]) }.first
        recipients = blocks.filter { $0["final-recipient"] != nil || $0["action"] != nil }.map { fields in
            Recipient(
                finalRecipient: Self.typed(fields["final-recipient"]),
                originalRecipient: Self.typed(fields["original-recipient"]),
                action: fields["action"].map { Self.firstWord($0).lowercased() },
                status: fields["status"].map(Self.firstWord), remoteMTA: Self.typed(fields["remote-mta"]),
                diagnostic: Self.typed(fields["diagnostic-code"]))
        }
    }

    /// The blocks of fields between empty lines. Each is read as the header of a message of its own.
    private static func blocks(_ body: [UInt8]) -> [[String: String]] {
        var blocks: [[String: String]] = []
        var rest = body[...]
        while !rest.isEmpty, blocks.count < 10_000 {
            let end = endOfBlock(rest)
            let fields = MessageParser.parse(Array(rest[..<end])).root.fields
            rest = rest[end...]
            if fields.isEmpty { continue }
            var block: [String: String] = [:]
            for field in fields where block[field.name.lowercased()] == nil {
                block[field.name.lowercased()] = field.text
            }
            blocks.append(block)
        }
        return blocks
    }

    /// Behind the next empty line.
    private static func endOfBlock(_ text: ArraySlice<UInt8>) -> Int {
        var lineStart = text.startIndex
        while let end = text[lineStart...].firstIndex(of: ASCII.lf) {
            let isEmpty = end == lineStart || (end == lineStart + 1 && text[lineStart] == ASCII.cr)
            lineStart = end + 1
            if isEmpty { return lineStart }
        }
        return text.endIndex
    }

    /// What follows the type, as in `rfc822; ann@example.org`.
    private static func typed(_ text: String?) -> String? {
        guard let text else { return nil }
        let bytes = Array(text.utf8)
        guard let mark = bytes.firstIndex(of: UInt8(ascii: ";")) else { return text }
        return String(utf8: HeaderText.trimmed(Array(bytes[(mark + 1)...])))
    }

    private static func firstWord(_ text: String) -> String {
        String(text.prefix { $0 != " " && $0 != "(" })
    }
}
