import MailCore

/// Text in the charsets that mail is written in.
public enum Charset {
    /// The text that octets stand for; U+FFFD stands for what is none.
    ///
    /// - Parameter label: the charset's name as browsers know it (WHATWG Encoding Standard), or as iconv does; case does
    ///   not matter. Without a name, and where nobody knows it: UTF-8, and windows-1252 where that cannot be.
    public static func decode(_ bytes: some Collection<UInt8>, label: String?) -> CharsetReading {
        let fast = bytes.withContiguousStorageIfAvailable { decode($0, label) }
        return fast ?? Array(bytes).withUnsafeBufferPointer { decode($0, label) }
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ label: String?) -> CharsetReading {
        guard let label, !label.isEmpty else { return guess(bytes) }
        let name = normalized(label)
        if name == "utf-8" { return utf8(bytes) }
        guard let decoder = CharsetLabel.decoder(of: name) else { return convert(bytes, from: name) }
        switch decoder {
        case "utf-8": return utf8(bytes)
        case "windows-1252":
            // What calls itself ASCII and is not is mostly UTF-8.
            let isASCII = name.hasSuffix("ascii") || name == "ansi_x3.4-1968"
            return isASCII ? guess(bytes) : SingleByteText.windows1252.decode(bytes)
        case "utf-16le": return utf16(bytes, isBigEndian: name == "utf-16" && bytes.starts(with: [0xFE, 0xFF]))
        case "utf-16be": return utf16(bytes, isBigEndian: true)
        // The only other one of these in which octets of ASCII mean anything else.
        case "iso-2022-jp-3": return convert(bytes, from: decoder)
        default:
            return plainASCII(bytes) ?? SingleByteText.named(decoder)?.decode(bytes) ?? convert(bytes, from: decoder)
        }
    }

    /// Whether `decode` knows the charset.
    public static func isKnown(_ label: String) -> Bool {
        let name = normalized(label)
        return CharsetLabel.decoder(of: name) != nil || IconvConverter(from: name) != nil
    }

    private static func normalized(_ label: String) -> String {
        let isNormal = label.utf8.allSatisfy { $0 > ASCII.space && $0 != ASCII.quote && $0.asciiLowercased == $0 }
        if isNormal { return label }
        return String(utf8: label.utf8.filter { $0 > ASCII.space && $0 != ASCII.quote }.map(\.asciiLowercased))
    }

    private static func guess(_ bytes: UnsafeBufferPointer<UInt8>) -> CharsetReading {
        if let text = UTF8Text.read(bytes) { return CharsetReading(text: text, defect: nil) }
        return CharsetReading(text: SingleByteText.windows1252.decode(bytes).text, defect: .badCharset)
    }

    private static func plainASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> CharsetReading? {
        guard SingleByteText.lengthOfASCII(bytes) == bytes.count else { return nil }
        return CharsetReading(text: UTF8Text.ascii(bytes), defect: nil)
    }

    private static func utf8(_ bytes: UnsafeBufferPointer<UInt8>) -> CharsetReading {
        let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        let bytes = hasMark ? UnsafeBufferPointer(rebasing: bytes[3...]) : bytes
        if let text = UTF8Text.read(bytes) { return CharsetReading(text: text, defect: nil) }
        return CharsetReading(text: String(decoding: bytes, as: UTF8.self), defect: .badCharset)
    }

    private static func utf16(_ bytes: UnsafeBufferPointer<UInt8>, isBigEndian: Bool) -> CharsetReading {
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

    private static func convert(_ bytes: UnsafeBufferPointer<UInt8>, from name: String) -> CharsetReading {
        guard let converter = IconvConverter(from: name) else {
            return CharsetReading(text: guess(bytes).text, defect: .unknownCharset)
        }
        let (output, isClean) = converter.convert(bytes)
        return CharsetReading(text: String(decoding: output, as: UTF8.self), defect: isClean ? nil : .badCharset)
    }
}

/// What octets mean in a charset.
public struct CharsetReading: Hashable, Sendable {
    public let text: String
    /// `.unknownCharset`, `.badCharset` or nil.
    public let defect: MessageDefect.Kind?
}
