/// Sixteen characters of base64 and twelve octets, turned into each other side by side by arithmetic alone. The lowest
/// part of a lane lies first in memory.
enum Base64Block {
    private typealias Octets = SIMD16<Int8>

    /// How many octets must be readable where twelve are encoded, and how many may be written where they are decoded.
    static let reach = 14

    /// The characters for twelve octets.
    @inline(__always)
    static func encode(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        let octets = SIMD2<UInt64>(
            UInt64(bigEndian: source.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: source.loadUnaligned(fromByteOffset: 6, as: UInt64.self)))
        let groups = unsafeBitCast(
            (octets &>> SIMD2<UInt64>(repeating: 40))
                | ((octets &<< SIMD2<UInt64>(repeating: 16)) & SIMD2<UInt64>(repeating: 0xFF_FFFF_0000_0000)),
            to: SIMD4<UInt32>.self)
        let pairs = unsafeBitCast(
            (groups &>> SIMD4<UInt32>(repeating: 12))
                | ((groups &<< SIMD4<UInt32>(repeating: 16)) & SIMD4<UInt32>(repeating: 0xFFF_0000)),
            to: SIMD8<UInt16>.self)
        let values = unsafeBitCast(
            (pairs &>> SIMD8<UInt16>(repeating: 6))
                | ((pairs &<< SIMD8<UInt16>(repeating: 8)) & SIMD8<UInt16>(repeating: 0x3F00)),
            to: Octets.self)
        // The alphabet has five runs, each some way from where the one before it would go on.
        let characters =
            values &+ Octets(repeating: 65) &+ (mask(values, above: 25) & Octets(repeating: 6))
            &+ (mask(values, above: 51) & Octets(repeating: -75))
            &+ (mask(values, above: 61) & Octets(repeating: -15)) &+ (mask(values, above: 62) & Octets(repeating: 3))
        target.storeBytes(of: characters, as: Octets.self)
    }

    /// The octets for sixteen characters, up to the first group that is not whole.
    ///
    /// - Returns: how many characters at the beginning are digits.
    @inline(__always)
    static func decode(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) -> Int {
        let isDigit = decodeBlock(source, to: target)
        let (first, second) = (~isDigit[0], ~isDigit[1])
        // A branch of its own: the next block need not wait for this one.
        if first | second == 0 { return 16 }
        return (first == 0 ? 64 + second.trailingZeroBitCount : first.trailingZeroBitCount) / 8
    }

    /// - Returns: all bits of each octet that is a digit.
    @inline(__always)
    private static func decodeBlock(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) -> SIMD2<UInt64> {
        let characters = source.loadUnaligned(as: Octets.self)
        let (slash, digits, capitals) = (
            mask(characters, above: 46), mask(characters, above: 57), mask(characters, above: 90)
        )
        // Every second run of the codes is one of digits; the plus sign stands alone.
        let isDigit = unsafeBitCast(
            (slash ^ digits) ^ (mask(characters, above: 64) ^ capitals)
                ^ (mask(characters, above: 96) ^ mask(characters, above: 122))
                | unsafeBitCast(characters .== Octets(repeating: 43), to: Octets.self),
            to: SIMD2<UInt64>.self)
        let values =
            characters &+ Octets(repeating: 19) &+ (slash & Octets(repeating: -3))
            &+ (mask(characters, above: 47) & Octets(repeating: -12)) &+ (digits & Octets(repeating: -69))
            &+ (capitals & Octets(repeating: -6))
        write(values, to: target)
        return isDigit
    }

    /// Joins sixteen values of six bits.
    @inline(__always)
    private static func write(_ values: Octets, to target: UnsafeMutableRawPointer) {
        let singles = unsafeBitCast(values, to: SIMD8<UInt16>.self)
        let pairs = unsafeBitCast(
            ((singles &<< SIMD8<UInt16>(repeating: 6)) & SIMD8<UInt16>(repeating: 0xFC0))
                | (singles &>> SIMD8<UInt16>(repeating: 8)),
            to: SIMD4<UInt32>.self)
        let groups = unsafeBitCast(
            ((pairs &<< SIMD4<UInt32>(repeating: 12)) & SIMD4<UInt32>(repeating: 0xFF_F000))
                | (pairs &>> SIMD4<UInt32>(repeating: 16)),
            to: SIMD2<UInt64>.self)
        let octets =
            (groups &<< SIMD2<UInt64>(repeating: 40))
            | ((groups &>> SIMD2<UInt64>(repeating: 16)) & SIMD2<UInt64>(repeating: 0xFF_FFFF_0000))
        target.storeBytes(of: octets[0].bigEndian, as: UInt64.self)
        target.storeBytes(of: octets[1].bigEndian, toByteOffset: 6, as: UInt64.self)
    }

    /// All bits of an octet that is greater. Written with its types in full, for else it becomes a loop.
    @inline(__always)
    private static func mask(_ octets: Octets, above limit: Int8) -> Octets {
        let comparison: SIMDMask<Octets> = octets .> Octets(repeating: limit)
        return unsafeBitCast(comparison, to: Octets.self)
    }
}
