import SendmailCore

/// Standard input as lines of a message.
struct MessageInput {
    private(set) var lines: MessageLines
    /// Lines that were read and not taken.
    private(set) var pending: [UInt8] = []
    private var isAtEnd = false

    init(lines: MessageLines) {
        self.lines = lines
    }

    /// Reads more.
    ///
    /// - Returns: false when nothing more can come; the last line is complete then.
    mutating func fill() throws(SendmailFailure) -> Bool {
        if isAtEnd { return false }
        guard !lines.hasEnded, let piece = try StandardStream.read() else {
            lines.finish(into: &pending)
            isAtEnd = true
            return false
        }
        piece.withUnsafeBytes { lines.take($0, into: &pending) }
        return true
    }

    /// Forgets the first octets of `pending`.
    mutating func drop(_ count: Int) {
        pending.removeFirst(count)
    }

    mutating func take() -> [UInt8] {
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
    }
}
