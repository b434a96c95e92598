import SendmailCore

/// Keeps the header of a message that is read piece by piece.
struct MessageHead {
    /// The most octets that are looked through for its end.
    private static let longest = 1 << 20

    private var isWanted: Bool
    private var lines = MessageLines(endsAtDot: false)
    private var octets: [UInt8] = []
    private(set) var header = MessageHeader()

    init(isWanted: Bool) {
        self.isWanted = isWanted
    }

    /// - Parameter bytes: the next octets; none at the end of the message.
    mutating func take(_ bytes: [UInt8]) {
        guard isWanted else { return }
        bytes.withUnsafeBytes { lines.take($0, into: &octets) }
        let isWhole = bytes.isEmpty || octets.count > Self.longest
        if bytes.isEmpty { lines.finish(into: &octets) }
        guard let found = MessageHeader.read(octets, isWhole: isWhole) else { return }
        (header, isWanted, octets) = (found.header, false, [])
    }
}
