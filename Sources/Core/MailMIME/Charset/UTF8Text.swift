import MailCore

/// UTF-8 (RFC 3629) checked sixteen octets at a time, each of them beside the three before it, by comparisons alone.
enum UTF8Text {
    private typealias Octets = SIMD16<UInt8>
    /// All bits of an octet, or none; as two numbers, for what is done to sixteen becomes a loop.
    private typealias Mask = SIMD2<UInt64>

    /// The text; nil where the octets are no UTF-8.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let plain = SingleByteText.lengthOfASCII(bytes)
        guard plain == bytes.count || isValid(UnsafeRawBufferPointer(bytes), asciiUpTo: plain) else { return nil }
        return copy(bytes, isASCII: plain == bytes.count)
    }

    /// The text of octets that are known to be ASCII.
    static func ascii(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        copy(bytes, isASCII: true)
    }

    /// Without a second look at them, where the standard library can do so.
    private static func copy(_ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) -> String {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }

    /// - Parameter start: before it all is ASCII.
    private static func isValid(_ bytes: UnsafeRawBufferPointer, asciiUpTo start: Int) -> Bool {
        guard bytes.count >= 32, endsWhole(bytes) else {
            return String(validating: bytes, as: UTF8.self) != nil
        }
        var errors = Mask(repeating: 0)
        var position = start
        if start < 3 {
            let block = octets(bytes, 0)
            errors = check(block, shifted(block, by: 1), shifted(block, by: 2), shifted(block, by: 3))
            position = 16
        }
        while position + 16 <= bytes.count {
            errors = errors | check(bytes, at: position)
            position += 16
        }
        errors = errors | check(bytes, at: bytes.count - 16)
        return errors[0] | errors[1] == 0
    }

    /// Whether no character is cut off at the end.
    private static func endsWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let end = bytes.count
        return bytes[end - 1] < 0xC0 && bytes[end - 2] < 0xE0 && bytes[end - 3] < 0xF0
    }

    @inline(__always)
    private static func check(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Mask {
        check(
            octets(bytes, position), octets(bytes, position - 1), octets(bytes, position - 2),
            octets(bytes, position - 3))
    }

    /// What is not 0 is wrong, by Table 3-7 of the Unicode Standard.
    ///
    /// - Parameters:
    ///   - first: the octets before them, by one.
    ///   - second: by two.
    ///   - third: by three.
    @inline(__always)
    private static func check(_ octets: Octets, _ first: Octets, _ second: Octets, _ third: Octets) -> Mask {
        let all = Mask(repeating: .max)
        let goesOn = mask(octets, atLeast: 0x80) ^ mask(octets, atLeast: 0xC0)
        let mustGoOn = mask(first, atLeast: 0xC0) | mask(second, atLeast: 0xE0) | mask(third, atLeast: 0xF0)
        let neverThere = mask(octets, is: 0xC0) | mask(octets, is: 0xC1) | mask(octets, atLeast: 0xF5)
        // Characters that could be shorter, surrogates, and what lies beyond the last character.
        let (fromA0, from90) = (mask(octets, atLeast: 0xA0), mask(octets, atLeast: 0x90))
        let tooLow = (mask(first, is: 0xE0) & (fromA0 ^ all)) | (mask(first, is: 0xF0) & (from90 ^ all))
        let tooHigh = (mask(first, is: 0xED) & fromA0) | (mask(first, is: 0xF4) & from90)
        return (goesOn ^ mustGoOn) | neverThere | tooLow | tooHigh
    }

    @inline(__always)
    private static func octets(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Octets {
        bytes.loadUnaligned(fromByteOffset: position, as: Octets.self)
    }

    /// The octets moved towards the end, with zeros before them.
    private static func shifted(_ octets: Octets, by count: Int) -> Octets {
        let halves = unsafeBitCast(octets, to: SIMD2<UInt64>.self)
        let (low, high) = (UInt64(littleEndian: halves[0]), UInt64(littleEndian: halves[1]))
        let bits = UInt64(8 * count)
        let moved = SIMD2((low << bits).littleEndian, (high << bits | low >> (64 - bits)).littleEndian)
        return unsafeBitCast(moved, to: Octets.self)
    }

    @inline(__always)
    private static func mask(_ octets: Octets, atLeast limit: UInt8) -> Mask {
        let comparison: SIMDMask<SIMD16<Int8>> = octets .>= Octets(repeating: limit)
        return unsafeBitCast(comparison, to: Mask.self)
    }

    @inline(__always)
    private static func mask(_ octets: Octets, is value: UInt8) -> Mask {
        let comparison: SIMDMask<SIMD16<Int8>> = octets .== Octets(repeating: value)
        return unsafeBitCast(comparison, to: Mask.self)
    }
}
