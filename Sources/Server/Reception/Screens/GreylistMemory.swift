import MailCore

/// What a greylist remembers, as it is kept over a restart: a mark, and for each triplet its hash, when it came first and
/// when it was last let through, in 8 octets each, the lowest first. Who was never let through has 0 there.
struct GreylistMemory {
    private static let mark = Array("MGREY 1\n".utf8)
    private static let recordLength = 24
    /// The most octets that are read: two generations.
    static let maximumLength = mark.count + 2 * GreylistTable.generation * recordLength

    let visits: [(key: UInt64, visit: GreylistTable.Visit)]

    init(visits: [(key: UInt64, visit: GreylistTable.Visit)]) {
        self.visits = visits
    }

    /// - Returns: nil for octets of another kind, too many of them, or with a torn end.
    init?(_ octets: [UInt8]) {
        guard octets.starts(with: Self.mark), octets.count <= Self.maximumLength,
            (octets.count - Self.mark.count) % Self.recordLength == 0
        else { return nil }
        visits = stride(from: Self.mark.count, to: octets.count, by: Self.recordLength).map { start in
            let (first, passed) = (Self.number(octets, start + 8), Self.number(octets, start + 16))
            return (
                Self.number(octets, start),
                GreylistTable.Visit(
                    first: Timestamp(microseconds: Int64(bitPattern: first)),
                    passed: passed == 0 ? nil : Timestamp(microseconds: Int64(bitPattern: passed)))
            )
        }
    }

    var octets: [UInt8] {
        var octets = Self.mark
        octets.reserveCapacity(Self.mark.count + visits.count * Self.recordLength)
        for (key, visit) in visits {
            let times = [visit.first, visit.passed ?? Timestamp(microseconds: 0)]
            for number in [key] + times.map({ UInt64(bitPattern: $0.microseconds) }) {
                withUnsafeBytes(of: number.littleEndian) { octets += $0 }
            }
        }
        return octets
    }

    private static func number(_ octets: [UInt8], _ start: Int) -> UInt64 {
        octets[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
