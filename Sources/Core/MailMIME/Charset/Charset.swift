import MailCore

/// Text in the charsets that mail is written in.
public enum Charset {
    /// The text that octets stand for; U+FFFD stands for what is none.
    ///
    /// - Parameter label: the charset's name as browsers know it (WHATWG Encoding Standard), or as iconv does; case does
    ///   not matter. Without a name, and where nobody knows it: UTF-8, and windows-1252 where that cannot be.
    public static func decode(_ bytes: some Collection<UInt8>, label: String?) -> CharsetReading {
        let bytes = Array(bytes)
        guard let label, !label.isEmpty else { return guess(bytes) }
        let name = normalized(label)
        switch CharsetLabel.decoder(of: name) {
        case "utf-8": return utf8(bytes)
        case "windows-1252":
            // What calls itself ASCII and is not is mostly UTF-8.
            return name.contains("ascii") || name.hasPrefix("ansi") ? guess(bytes) : windows1252(bytes)
        case "utf-16le": return utf16(bytes, isBigEndian: name == "utf-16" && bytes.starts(with: [0xFE, 0xFF]))
        case "utf-16be": return utf16(bytes, isBigEndian: true)
        case let decoder?: return convert(bytes, from: decoder)
        case nil: return convert(bytes, from: name)
        }
    }

    /// Whether `decode` knows the charset.
    public static func isKnown(_ label: String) -> Bool {
        let name = normalized(label)
        return CharsetLabel.decoder(of: name) != nil || IconvConverter(from: name) != nil
    }

    private static func normalized(_ label: String) -> String {
        String(utf8: label.utf8.filter { $0 > ASCII.space && $0 != ASCII.quote }.map(\.asciiLowercased))
    }

    private static func guess(_ bytes: [UInt8]) -> CharsetReading {
        if let text = String(validating: bytes, as: UTF8.self) { return CharsetReading(text: text, defect: nil) }
        return CharsetReading(text: windows1252(bytes).text, defect: .badCharset)
    }

    private static func utf8(_ bytes: [UInt8]) -> CharsetReading {
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        if let text = String(validating: bytes, as: UTF8.self) { return CharsetReading(text: text, defect: nil) }
        return CharsetReading(text: String(decoding: bytes, as: UTF8.self), defect: .badCharset)
    }

    private static func windows1252(_ bytes: [UInt8]) -> CharsetReading {
        if bytes.allSatisfy({ $0 < 0x80 }) { return CharsetReading(text: String(utf8: bytes), defect: nil) }
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let value = (0x80...0x9F).contains(byte) ? windows1252Specials[Int(byte) - 0x80] : UInt32(byte)
            text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        return CharsetReading(text: String(text), defect: nil)
    }

    private static func utf16(_ bytes: [UInt8], isBigEndian: Bool) -> CharsetReading {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
        }
        if units.first == 0xFEFF { units.removeFirst() }
        let whole = bytes.count.isMultiple(of: 2)
        if whole, let text = String(validating: units, as: UTF16.self) {
            return CharsetReading(text: text, defect: nil)
        }
        return CharsetReading(
            text: String(decoding: units, as: UTF16.self) + (whole ? "" : "\u{FFFD}"), defect: .badCharset)
    }

    private static func convert(_ bytes: [UInt8], from name: String) -> CharsetReading {
        guard let converter = IconvConverter(from: name) else {
            return CharsetReading(text: guess(bytes).text, defect: .unknownCharset)
        }
        let (output, isClean) = converter.convert(bytes)
        return CharsetReading(text: String(decoding: output, as: UTF8.self), defect: isClean ? nil : .badCharset)
    }

    private static let windows1252Specials: [UInt32] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D,
        0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x009D, 0x017E, 0x0178,
    ]
}

/// What octets mean in a charset.
public struct CharsetReading: Hashable, Sendable {
    public let text: String
    /// `.unknownCharset`, `.badCharset` or nil.
    public let defect: MessageDefect.Kind?
}
