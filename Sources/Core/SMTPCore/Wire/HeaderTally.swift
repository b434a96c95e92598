import MailCore

/// Counts what stands in a header while it passes by.
struct HeaderTally {
    private(set) var size = 0
    private(set) var fields = 0
    private(set) var receivedFields = 0
    /// Whether the header is over: behind an empty line, or behind one that is no field, for then the body began without.
    private(set) var isComplete = false
    /// Octets of the present line, without a CR.
    private var column = 0
    private var matchesReceived = true
    /// Whether the present line is a field as far as it has come, or goes on with one.
    private var isField = false

    private static let received = Array("received:".utf8)

    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            size += 1
            if byte == ASCII.lf {
                if column == 0 || !isField {
                    isComplete = true
                    return
                }
                column = 0
                matchesReceived = true
                isField = false
            } else if byte != ASCII.cr {
                see(byte)
            }
        }
    }

    private mutating func see(_ byte: UInt8) {
        if column == 0 {
            isField = byte == ASCII.space || byte == ASCII.tab
            if !isField { fields += 1 }
        }
        if byte == ASCII.colon { isField = true }
        if matchesReceived, column < Self.received.count {
            matchesReceived = byte.asciiLowercased == Self.received[column]
            if matchesReceived, column == Self.received.count - 1 { receivedFields += 1 }
        }
        column += 1
    }
}
