import MailCore

extension UnsafeRawBufferPointer {
    /// The first index from `start` on at which there is CR, LF, NUL or another octet below them; the end if there is none.
    /// Most of a text is passed over 16 octets at a time.
    func endOfText(from start: Int) -> Int {
        var index = start
        let step = SIMD16<UInt8>.scalarCount
        let last = SIMD16<UInt8>(repeating: ASCII.cr)
        while index + step <= count {
            let octets = loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
            if any(octets .<= last) { break }
            index += step
        }
        while index < count, self[index] > ASCII.cr { index += 1 }
        return index
    }
}
