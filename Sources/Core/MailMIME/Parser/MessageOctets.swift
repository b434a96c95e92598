/// Octets that lie elsewhere than in an array, such as those of a file that is mapped into memory.
public protocol OctetRegion: AnyObject, Sendable {
    /// Stays where it is, and what it is, for as long as the region lives.
    var octets: UnsafeRawBufferPointer { get }

    /// Called with what was read and is not soon read again, so that it need not stay in memory.
    func release(_ range: Range<Int>)
}

/// The octets of a message that was read.
struct MessageOctets: Sendable {
    /// How much of a region is looked at before it is released.
    private static let pieceSize = 1 << 20

    /// Empty where there is a region.
    private let bytes: [UInt8]
    private let region: (any OctetRegion)?

    init(_ bytes: [UInt8]) {
        (self.bytes, region) = (bytes, nil)
    }

    init(_ region: any OctetRegion) {
        (bytes, self.region) = ([], region)
    }

    var count: Int { region?.octets.count ?? bytes.count }

    subscript(range: Range<Int>) -> [UInt8] {
        withBytes(range) { Array($0) }
    }

    @inline(__always)
    func withBytes<Result>(
        _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        if let region {
            return try withExtendedLifetime(region) {
                try UnsafeRawBufferPointer(rebasing: region.octets[range]).withMemoryRebound(to: UInt8.self, body)
            }
        }
        return try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// Shows what is there so far, and in the end all of it, so that a region need not be in memory as a whole.
    func scan(_ body: (_ soFar: UnsafeRawBufferPointer, _ isEnd: Bool) -> Void) {
        guard let region else { return bytes.withUnsafeBytes { body($0, true) } }
        var end = 0
        repeat {
            let start = end
            end = min(start + Self.pieceSize, region.octets.count)
            body(UnsafeRawBufferPointer(rebasing: region.octets[..<end]), end == region.octets.count)
            region.release(start..<end)
        } while end < region.octets.count
    }

    /// Shows the range in pieces that are cut behind line ends.
    func forEachPiece(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
        var start = range.lowerBound
        var size = Self.pieceSize
        while start < range.upperBound {
            let end = min(start + size, range.upperBound)
            let taken = try withBytes(start..<end) { piece in
                let length = end == range.upperBound ? piece.count : (piece.lastIndex(of: 0x0A) ?? -1) + 1
                if length > 0 { try body(UnsafeBufferPointer(rebasing: piece[..<length])) }
                return length
            }
            region?.release(start..<start + taken)
            start += taken
            // A line that is longer than a piece makes the piece grow.
            size = taken == 0 ? size * 2 : Self.pieceSize
        }
    }
}
