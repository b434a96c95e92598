import MailCore
import MailMIME

/// What a report brings back of a message: all of it, or its header.
public struct ReturnedContent: Hashable, Sendable {
    /// Whether the body came back too.
    public let isWhole: Bool
    public let bytes: [UInt8]
    /// The Message-ID with its angle brackets, if there is one that another message may name.
    public let messageID: String?

    /// - Parameters:
    ///   - message: its front, or all of it.
    ///   - isWhole: whether it is all, and wanted. Even then only what passes anywhere comes back whole, or can be changed
    ///     so that it does: short lines of ASCII, for an attached message must not be encoded itself (RFC 2046 §5.2.1).
    init(_ message: [UInt8], isWhole: Bool) {
        let whole = isWhole ? Self.fitForAnywhere(message) : nil
        self.isWhole = whole != nil
        bytes = whole ?? Array(message.prefix(Self.endOfHeader(message)))
        messageID = message.withUnsafeBytes(Self.messageID)
    }

    /// Where the header ends: at the empty line, or at the last line that may still be brought back.
    private static func endOfHeader(_ message: [UInt8]) -> Int {
        var end = 0
        var lineStart = 0
        for position in message.indices.prefix(DeliveryReport.maximumHeaderLength) where message[position] == ASCII.lf {
            if position - lineStart <= 1, position == lineStart || message[lineStart] == ASCII.cr { return end }
            lineStart = position + 1
            end = lineStart
        }
        return message.count < DeliveryReport.maximumHeaderLength ? message.count : end
    }

    /// The message, with the parts encoded that would not pass everywhere; nil where that cannot be done.
    private static func fitForAnywhere(_ message: [UInt8]) -> [UInt8]? {
        if passesAnywhere(message) { return message }
        var planner = DowngradePlanner(to: .sevenBit)
        planner.receive(message)
        guard let plan = try? planner.finish() else { return nil }
        var writer = DowngradeWriter(plan)
        let changed = writer.receive(message) + writer.finish()
        return passesAnywhere(changed) ? changed : nil
    }

    /// The longest line without its end (RFC 5321 §4.5.3.1.6).
    private static let longestLine = 998

    private static func passesAnywhere(_ message: [UInt8]) -> Bool {
        var column = 0
        var previous: UInt8 = 0
        for byte in message {
            if byte >= 0x80 || byte == ASCII.nul || (previous == ASCII.cr) != (byte == ASCII.lf) { return false }
            column = byte == ASCII.lf ? 0 : byte == ASCII.cr ? column : column + 1
            if column > longestLine { return false }
            previous = byte
        }
        return previous != ASCII.cr
    }

    private static let longestMessageID = 250

    private static func messageID(_ message: UnsafeRawBufferPointer) -> String? {
        var header = HeaderBlock(message)
        while let field = header.next() {
            guard field.isNamed("Message-ID") else { continue }
            let text = field.text
            let inner = text.utf8.dropFirst().dropLast()
            let isUsable =
                text.utf8.first == ASCII.less && text.utf8.last == ASCII.greater && !inner.isEmpty
                && inner.count <= longestMessageID
                && inner.allSatisfy { $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.less && $0 != ASCII.greater }
            return isUsable ? text : nil
        }
        return nil
    }
}
