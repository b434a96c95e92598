import MailCore

/// A charset in which each octet is a character, and those below 0x80 are ASCII: a table of what the others are.
struct SingleByteText: Sendable {
    private struct Character: Sendable {
        /// The character in UTF-8, the first octet lowest.
        var units: UInt32
        var length: Int

        init(_ utf8: some Sequence<UInt8>) {
            (units, length) = (0, 0)
            for unit in utf8.prefix(4) {
                units |= UInt32(unit) << (8 * UInt32(length))
                length += 1
            }
        }

        var isKnown: Bool { units != 0xBDBFEF }
    }

    /// For the octets from 0x80 on.
    private let characters: [Character]

    private init(characters: [Character]) {
        self.characters = characters
    }

    static let windows1252 = SingleByteText(
        characters: (0x80...0xFF).map { (byte: UInt32) in
            let value = byte <= 0x9F ? windows1252Specials[Int(byte) - 0x80] : byte
            return Character(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        })

    /// The table of a charset by the name that iconv knows it by, or nil where it is of another kind.
    static func named(_ name: String) -> SingleByteText? { tables[name] }

    /// Made together, at the first text that needs one. In cp1255 and cp1258 some characters are made of two octets.
    private static let tables: [String: SingleByteText] = {
        let parts = [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map { "iso-8859-\($0)" }
        let pages = [866, 874, 1250, 1251, 1253, 1254, 1256, 1257].map { "cp\($0)" }
        var tables: [String: SingleByteText] = [:]
        for name in parts + pages + ["koi8-r", "koi8-u", "macintosh", "mac-cyrillic"] {
            tables[name] = SingleByteText(name)
        }
        return tables
    }()

    private init?(_ name: String) {
        guard let converter = IconvConverter(from: name) else { return nil }
        let octets = (UInt8(0x80)...0xFF).flatMap { [$0, ASCII.lf] }
        let output = octets.withUnsafeBufferPointer { converter.convert($0).output }
        let characters = output.split(separator: ASCII.lf, omittingEmptySubsequences: false).prefix(128)
        self.init(characters: characters.map { Character($0) })
    }

    func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> CharsetReading {
        let plain = Self.lengthOfASCII(bytes)
        if plain == bytes.count { return CharsetReading(text: UTF8Text.ascii(bytes), defect: nil) }
        var isClean = true
        let room = plain + (bytes.count - plain) * 3
        let text = String(unsafeUninitializedCapacity: room) { output in
            var count = output.initialize(fromContentsOf: bytes[..<plain])
            for byte in bytes[plain...] {
                if byte < 0x80 {
                    output[count] = byte
                    count += 1
                } else {
                    let character = characters[Int(byte) - 0x80]
                    isClean = isClean && character.isKnown
                    for index in 0..<character.length {
                        output[count] = UInt8(truncatingIfNeeded: character.units >> (8 * UInt32(index)))
                        count += 1
                    }
                }
            }
            return count
        }
        return CharsetReading(text: text, defect: isClean ? nil : .badCharset)
    }

    /// How many octets at the beginning are ASCII, perhaps up to seven fewer.
    static func lengthOfASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var position = 0
        while position + 32 <= raw.count {
            let (first, second) = (word(raw, position) | word(raw, position + 8), word(raw, position + 16))
            if (first | second | word(raw, position + 24)) & highBits != 0 { break }
            position += 32
        }
        while position + 8 <= raw.count {
            if word(raw, position) & highBits != 0 { return position }
            position += 8
        }
        while position < raw.count, raw[position] < 0x80 { position += 1 }
        return position
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private static let windows1252Specials: [UInt32] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
