import MailCore

/// Reads a text of JSON.
struct JSONReader {
    private static let deepest = 8

    private var cursor: ByteCursor

    init(_ text: [UInt8]) {
        cursor = ByteCursor(text)
    }

    /// One value with nothing behind it.
    mutating func document() -> JSONValue? {
        let value = value(depth: 0)
        skipBlanks()
        return cursor.isAtEnd ? value : nil
    }

    private mutating func value(depth: Int) -> JSONValue? {
        skipBlanks()
        guard depth <= Self.deepest, let first = cursor.peek else { return nil }
        switch first {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default: return literal()
        }
    }

    private mutating func object(_ depth: Int) -> JSONValue? {
        _ = cursor.take()
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if cursor.take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard let name = string() else { return nil }
            skipBlanks()
            guard cursor.take(UInt8(ascii: ":")), let value = value(depth: depth + 1),
                members.updateValue(value, forKey: name) == nil
            else { return nil }
            skipBlanks()
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array(_ depth: Int) -> JSONValue? {
        _ = cursor.take()
        var values: [JSONValue] = []
        skipBlanks()
        if cursor.take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            values.append(value)
            skipBlanks()
        } while cursor.take(UInt8(ascii: ","))
        return cursor.take(UInt8(ascii: "]")) ? .array(values) : nil
    }

    /// `[-] int [frac] [exp]` (RFC 8259 §6).
    private mutating func number() -> JSONValue? {
        let start = cursor.position
        _ = cursor.take(UInt8(ascii: "-"))
        if !cursor.take(UInt8(ascii: "0")), !takeDigits() { return nil }
        if cursor.take(UInt8(ascii: ".")), !takeDigits() { return nil }
        if cursor.take(UInt8(ascii: "e")) || cursor.take(UInt8(ascii: "E")) {
            if !cursor.take(UInt8(ascii: "+")) { _ = cursor.take(UInt8(ascii: "-")) }
            if !takeDigits() { return nil }
        }
        let text = cursor.bytes[start..<cursor.position]
        guard text.count <= 40, let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite else {
            return nil
        }
        return .number(number)
    }

    private mutating func takeDigits() -> Bool { !cursor.take(while: \.isASCIIDigit).isEmpty }

    private mutating func literal() -> JSONValue? {
        switch String(decoding: cursor.take(while: \.isASCIILetter), as: UTF8.self) {
        case "true": .bool(true)
        case "false": .bool(false)
        case "null": .null
        default: nil
        }
    }

    private mutating func skipBlanks() { _ = cursor.take(while: { [0x20, 0x09, 0x0A, 0x0D].contains($0) }) }

    // MARK: Strings

    private mutating func string() -> String? {
        guard cursor.take(UInt8(ascii: "\"")) else { return nil }
        var text = ""
        while true {
            let run = cursor.take { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
            guard let plain = String(validating: run, as: UTF8.self) else { return nil }
            text += plain
            switch cursor.take() {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"):
                guard let character = escaped() else { return nil }
                text.unicodeScalars.append(character)
            default: return nil
            }
        }
    }

    private mutating func escaped() -> Unicode.Scalar? {
        switch cursor.take() {
        case UInt8(ascii: "\""): "\""
        case UInt8(ascii: "\\"): "\\"
        case UInt8(ascii: "/"): "/"
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        case UInt8(ascii: "u"): unicode()
        default: nil
        }
    }

    /// `XXXX`, or two of them that stand for one character beyond the first 65,536.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = codeUnit() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard cursor.take(UInt8(ascii: "\\")), cursor.take(UInt8(ascii: "u")), let second = codeUnit(),
            UTF16.isTrailSurrogate(second)
        else { return nil }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func codeUnit() -> UInt16? {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = cursor.take().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
