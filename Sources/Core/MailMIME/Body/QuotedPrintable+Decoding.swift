import MailCore

extension QuotedPrintable {
    /// Reads quoted-printable (RFC 2045 §6.7): blanks at the end of a line are dropped, and a `=` that begins nothing
    /// stays as it is.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding {
        let fast: Decoding?? = text.withContiguousStorageIfAvailable { decode(UnsafeRawBufferPointer($0)) }
        if let decoded = fast ?? nil { return decoded }
        return Array(text).withUnsafeBytes { decode($0) }
    }

    /// Pieces of a text can be read one by one where they are cut behind line ends.
    static func decode(_ text: UnsafeRawBufferPointer) -> Decoding {
        guard let base = text.baseAddress else { return Decoding(bytes: [], isClean: true) }
        var isClean = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { output, count in
            digits.withUnsafeBufferPointer { digits in
                guard let digits = digits.baseAddress, let target = output.baseAddress else { return }
                var reader = Reader(
                    text: base, end: text.count, digits: digits, output: UnsafeMutableRawPointer(target))
                reader.read()
                (count, isClean) = (reader.count, reader.isClean)
            }
        }
        return Decoding(bytes: bytes, isClean: isClean)
    }

    /// The values of hexadecimal digits; of what is none, at least 16.
    private static let digits = (0...255).map { (byte: UInt8) in byte.hexadecimalValue ?? 0xFF }

    /// Decodes at one go; the output is never longer than the text.
    private struct Reader {
        private typealias Octets = SIMD16<UInt8>

        let text: UnsafeRawPointer
        let end: Int
        let digits: UnsafePointer<UInt8>
        let output: UnsafeMutableRawPointer
        private(set) var count = 0
        private(set) var isClean = true
        private var position = 0
        /// Up to where the output holds nothing that the end of a line takes with it: what was decoded, and other lines.
        private var firm = 0

        init(
            text: UnsafeRawPointer, end: Int, digits: UnsafePointer<UInt8>, output: UnsafeMutableRawPointer
        ) {
            (self.text, self.end, self.digits, self.output) = (text, end, digits, output)
        }

        mutating func read() {
            while true {
                copyPlain()
                guard position < end else { return }
                if octet(position) == equals { takeMark() } else { takeLineEnd() }
            }
        }

        private func octet(_ index: Int) -> UInt8 { text.load(fromByteOffset: index, as: UInt8.self) }

        /// Copies everything up to a `=` or a line feed, sixteen octets at a time; those behind it are written over.
        private mutating func copyPlain() {
            while position + 16 <= end {
                let octets = text.loadUnaligned(fromByteOffset: position, as: Octets.self)
                output.storeBytes(of: octets, toByteOffset: count, as: Octets.self)
                let plain = Self.plainOctets(octets)
                position += plain
                count += plain
                if plain < 16 { return }
            }
            while position < end, octet(position) != equals, octet(position) != ASCII.lf {
                append(octet(position))
                position += 1
            }
        }

        /// How many octets stand before the first `=` or line feed.
        @inline(__always)
        private static func plainOctets(_ octets: Octets) -> Int {
            let marks: SIMDMask<SIMD16<Int8>> = octets .== Octets(repeating: equals)
            let ends: SIMDMask<SIMD16<Int8>> = octets .== Octets(repeating: ASCII.lf)
            let found = unsafeBitCast(marks, to: SIMD2<UInt64>.self) | unsafeBitCast(ends, to: SIMD2<UInt64>.self)
            let (low, high) = (UInt64(littleEndian: found[0]), UInt64(littleEndian: found[1]))
            // Without a branch, which nobody could foretell; of 0 there are 64 bits.
            return (low.trailingZeroBitCount + (low == 0 ? high.trailingZeroBitCount : 0)) / 8
        }

        /// Octets in hexadecimal, as many as follow each other; a line that goes on; or a `=` that is nothing of that.
        private mutating func takeMark() {
            let start = position
            while position + 2 < end, octet(position) == equals {
                let (high, low) = (digits[Int(octet(position + 1))], digits[Int(octet(position + 2))])
                guard high | low < 16 else { break }
                append(high << 4 | low)
                position += 3
            }
            firm = position > start ? count : firm
            guard position == start else { return }
            if let next = endOfSoftBreak() {
                (position, firm) = (next, count)
            } else {
                isClean = false
                append(equals)
                position += 1
            }
        }

        /// Where the next line begins, if nothing but blanks stands between the `=` and the end of the line or text.
        private func endOfSoftBreak() -> Int? {
            var next = position + 1
            while next < end, octet(next) == ASCII.space || octet(next) == ASCII.tab { next += 1 }
            if next == end { return next }
            if octet(next) == ASCII.cr, next + 1 < end { next += 1 }
            return octet(next) == ASCII.lf ? next + 1 : nil
        }

        private mutating func takeLineEnd() {
            let hasReturn = count > firm && written(count - 1) == ASCII.cr
            if hasReturn { count -= 1 }
            while count > firm, written(count - 1) == ASCII.space || written(count - 1) == ASCII.tab { count -= 1 }
            if hasReturn { append(ASCII.cr) }
            append(ASCII.lf)
            position += 1
            firm = count
        }

        private func written(_ index: Int) -> UInt8 { output.load(fromByteOffset: index, as: UInt8.self) }

        private mutating func append(_ byte: UInt8) {
            output.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
            count += 1
        }
    }
}

private let equals = UInt8(ascii: "=")
