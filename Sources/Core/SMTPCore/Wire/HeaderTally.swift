import MailCore

/// Counts what stands in a header while it passes by.
struct HeaderTally {
    private(set) var size = 0
    private(set) var fields = 0
    private(set) var receivedFields = 0
    /// Whether the empty line behind the header was seen.
    private(set) var isComplete = false
    /// Octets of the present line, without a CR.
    private var column = 0
    private var matchesReceived = true

    private static let received = Array("received:".utf8)

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            size += 1
            if byte == ASCII.lf {
                if column == 0 {
                    isComplete = true
                    return
                }
                column = 0
                matchesReceived = true
            } else if byte != ASCII.cr {
                see(byte)
            }
        }
    }

    private mutating func see(_ byte: UInt8) {
        if column == 0, byte != ASCII.space, byte != ASCII.tab { fields += 1 }
        if matchesReceived, column < Self.received.count {
            matchesReceived = byte.asciiLowercased == Self.received[column]
            if matchesReceived, column == Self.received.count - 1 { receivedFields += 1 }
        }
        column += 1
    }
}
