import MailCore

/// What a message's content may be at most.
public struct ContentLimits: Hashable, Sendable {
    /// Octets of the whole message (RFC 1870).
    public var size: UInt64
    /// Octets of one line. RFC 5321 §4.5.3.1.6 asks for 1,000; longer ones are kept as they are, up to here.
    public var lineLength: Int
    /// Octets of the header.
    public var headerSize: Int
    /// Fields of the header.
    public var headerFields: Int
    /// Received fields, by which a loop is known (RFC 5321 §6.3 asks for at least 100).
    public var receivedHops: Int

    public init(
        size: UInt64 = 50 * 1_024 * 1_024, lineLength: Int = 64 * 1_024, headerSize: Int = 256 * 1_024,
        headerFields: Int = 2_000, receivedHops: Int = 100
    ) {
        self.size = size
        self.lineLength = lineLength
        self.headerSize = headerSize
        self.headerFields = headerFields
        self.receivedHops = receivedHops
    }
}

/// What has been seen of a message's content, and whether it may be taken.
package struct ContentInspection {
    /// What makes a content unacceptable. Of several, the one that stands first here is told: which one is found first
    /// depends on how the network cuts.
    enum Defect: Int {
        case bareCR, bareLF, nul, lineTooLong, tooLarge, headerTooLarge, tooManyHops
    }

    let limits: ContentLimits
    private let allowsBinary: Bool
    private(set) var size: UInt64 = 0
    private(set) var defect: Defect?
    /// Octets of the line that is being read.
    private var lineLength = 0
    private var header = HeaderTally()

    init(limits: ContentLimits, allowsBinary: Bool) {
        self.limits = limits
        self.allowsBinary = allowsBinary
    }

    mutating func note(_ found: Defect) {
        let framing = found == .bareCR || found == .bareLF || found == .nul || found == .lineTooLong
        if framing, allowsBinary { return }
        if let defect, defect.rawValue < found.rawValue { return }
        defect = found
    }

    /// Counts `count` octets of a line, and its end where there is one.
    mutating func countLine(_ count: Int, ends: Bool) {
        lineLength += count
        if lineLength > limits.lineLength { note(.lineTooLong) }
        if ends { lineLength = 0 }
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        size += UInt64(bytes.count)
        if size > limits.size { note(.tooLarge) }
        guard !header.isComplete, defect == nil else { return }
        header.take(bytes)
        if header.size > limits.headerSize || header.fields > limits.headerFields { note(.headerTooLarge) }
        if header.receivedFields > limits.receivedHops { note(.tooManyHops) }
    }

    /// The answer to a content that may not be taken.
    package var refusal: SMTPReply? {
        func reply(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPReply {
            SMTPReply(code, EnhancedStatusCode(.permanentFailure, subject, detail), text)
        }
        switch defect {
        case nil: return nil
        case .bareCR: return reply(550, 6, 0, "The message has a CR without an LF")
        case .bareLF: return reply(550, 6, 0, "The message has an LF without a CR")
        case .nul: return reply(550, 6, 0, "The message has a NUL octet")
        case .lineTooLong: return reply(550, 6, 0, "The message has a line of over \(limits.lineLength) octets")
        case .tooLarge: return reply(552, 3, 4, "The message is larger than \(limits.size) octets")
        case .headerTooLarge:
            return reply(552, 3, 4, "The header is over \(limits.headerSize) octets or \(limits.headerFields) fields")
        case .tooManyHops:
            return reply(554, 4, 6, "The message has over \(limits.receivedHops) Received fields: a loop")
        }
    }
}
