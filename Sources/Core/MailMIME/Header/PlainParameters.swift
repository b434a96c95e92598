import MailCore

/// Reads `value; name=value; name="value"` at one go where it is written as RFC 2045 §5.1 has it, without comments,
/// backslashes, encoded words, sections and names that come twice. Everything else is left to `ParameterReader`.
struct PlainParameters {
    private static let most = 16

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Nil for what is not written so.
    static func read(
        _ fieldValue: UnsafeBufferPointer<UInt8>
    ) -> (value: String, parameters: [ParameterizedValue.Parameter])? {
        var reader = PlainParameters(fieldValue)
        guard let value = reader.takeValue() else { return nil }
        var parameters: [ParameterizedValue.Parameter] = []
        while parameters.count <= most {
            switch reader.next() {
            case .parameter(let name, let value):
                let name = reader.lowercased(name)
                guard !parameters.contains(where: { $0.name == name }) else { return nil }
                parameters.append(.init(name: name, value: reader.text(value), language: nil))
            case .end: return (reader.lowercased(value), parameters)
            case .notPlain: return nil
            }
        }
        return nil
    }

    /// The first parameter of a name, which is given in lower case, and whether the field is written so at all.
    static func parameter(
        _ name: StaticString, of fieldValue: UnsafeBufferPointer<UInt8>
    ) -> (value: String?, isPlain: Bool) {
        var reader = PlainParameters(fieldValue)
        guard reader.takeValue() != nil else { return (nil, false) }
        var found: Range<Int>?
        for _ in 0...most {
            switch reader.next() {
            case .parameter(let other, let value): if found == nil, reader.isNamed(other, name) { found = value }
            case .end: return (found.map { reader.text($0) }, true)
            case .notPlain: return (nil, false)
            }
        }
        return (nil, false)
    }

    /// What stands before the parameters, where that is as it should be, however they are written.
    static func value(_ fieldValue: UnsafeBufferPointer<UInt8>) -> String? {
        var reader = PlainParameters(fieldValue)
        guard let value = reader.takeValue(), reader.skipBlanks(),
            reader.position == fieldValue.count || fieldValue[reader.position] == UInt8(ascii: ";")
        else { return nil }
        return reader.lowercased(value)
    }

    private enum Step {
        case parameter(name: Range<Int>, value: Range<Int>)
        case end
        case notPlain
    }

    private mutating func next() -> Step {
        guard skipBlanks() else { return .notPlain }
        if position == bytes.count { return .end }
        guard take(UInt8(ascii: ";")), skipBlanks() else { return .notPlain }
        if position == bytes.count { return .end }
        guard let name = takeToken(), take(UInt8(ascii: "=")), position < bytes.count else { return .notPlain }
        let isQuoted = take(ASCII.quote)
        let start = position
        while position < bytes.count, isQuoted ? isQuotable(bytes[position]) : isPlain(bytes[position]) {
            position += 1
        }
        let value = start..<position
        guard isQuoted ? take(ASCII.quote) : !value.isEmpty else { return .notPlain }
        return .parameter(name: name, value: value)
    }

    private mutating func takeValue() -> Range<Int>? {
        guard skipBlanks(), let value = takeToken(), bytes[value.lowerBound] != slash else { return nil }
        return value
    }

    private mutating func takeToken() -> Range<Int>? {
        let start = position
        while position < bytes.count, isToken(bytes[position]) { position += 1 }
        return position > start ? start..<position : nil
    }

    private func text(_ range: Range<Int>) -> String { String(utf8: UnsafeBufferPointer(rebasing: bytes[range])) }

    private func lowercased(_ range: Range<Int>) -> String {
        let token = UnsafeBufferPointer(rebasing: bytes[range])
        var hasCapitals = false
        for byte in token where byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { hasCapitals = true }
        if !hasCapitals { return UTF8Text.ascii(token) }
        return String(unsafeUninitializedCapacity: token.count) { output in
            for (index, byte) in token.enumerated() { output[index] = byte.asciiLowercased }
            return token.count
        }
    }

    private func isNamed(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        for (index, position) in range.enumerated()
        where bytes[position].asciiLowercased != name.utf8Start[index] {
            return false
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// False where another field begins.
    private mutating func skipBlanks() -> Bool {
        while position < bytes.count, bytes[position].isBlankOrLineEnd {
            let isEnd = bytes[position] == ASCII.lf
            position += 1
            if isEnd, position < bytes.count, bytes[position] != ASCII.space, bytes[position] != ASCII.tab {
                return false
            }
        }
        return true
    }

    private func isToken(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? tokenOctets.low >> byte : tokenOctets.high >> (byte - 64)) & 1 == 1
    }

    private func isQuotable(_ byte: UInt8) -> Bool {
        byte != ASCII.quote && byte != ASCII.backslash && byte != UInt8(ascii: "?") && byte != ASCII.cr
            && byte != ASCII.lf
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        isQuotable(byte) && byte > ASCII.space && byte != UInt8(ascii: ";") && byte != UInt8(ascii: "(")
    }
}

private let slash = UInt8(ascii: "/")

/// A bit for each octet of a token: letters, digits, `+`, `-`, `.`, `/` and `_`.
private let tokenOctets: (low: UInt64, high: UInt64) = (0x03FF_E800_0000_0000, 0x07FF_FFFE_87FF_FFFE)
