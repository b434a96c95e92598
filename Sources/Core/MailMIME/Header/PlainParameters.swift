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
        guard reader.skipBlanks(), let value = reader.takeToken(), value.utf8.first != slash else { return nil }
        var parameters: [ParameterizedValue.Parameter] = []
        while reader.skipBlanks() {
            guard reader.position < fieldValue.count else { return (value, parameters) }
            guard reader.take(UInt8(ascii: ";")), reader.skipBlanks() else { return nil }
            if reader.position == fieldValue.count { return (value, parameters) }
            guard let parameter = reader.takeParameter(), parameters.count < most,
                !parameters.contains(where: { $0.name == parameter.name })
            else { return nil }
            parameters.append(parameter)
        }
        return nil
    }

    /// What stands before the parameters, where that is as it should be, however they are written.
    static func value(_ fieldValue: UnsafeBufferPointer<UInt8>) -> String? {
        var reader = PlainParameters(fieldValue)
        guard reader.skipBlanks(), let value = reader.takeToken(), value.utf8.first != slash, reader.skipBlanks(),
            reader.position == fieldValue.count || fieldValue[reader.position] == UInt8(ascii: ";")
        else { return nil }
        return value
    }

    private mutating func takeParameter() -> ParameterizedValue.Parameter? {
        guard let name = takeToken(), take(UInt8(ascii: "=")), position < bytes.count else { return nil }
        let isQuoted = take(ASCII.quote)
        let start = position
        while position < bytes.count, isQuoted ? isQuotable(bytes[position]) : isPlain(bytes[position]) {
            position += 1
        }
        guard isQuoted || position > start else { return nil }
        let value = String(utf8: UnsafeBufferPointer(rebasing: bytes[start..<position]))
        guard !isQuoted || take(ASCII.quote) else { return nil }
        return ParameterizedValue.Parameter(name: name, value: value, language: nil)
    }

    /// In lower case.
    private mutating func takeToken() -> String? {
        let start = position
        while position < bytes.count, isToken(bytes[position]) { position += 1 }
        guard position > start else { return nil }
        let token = UnsafeBufferPointer(rebasing: bytes[start..<position])
        if token.allSatisfy({ $0.asciiLowercased == $0 }) { return String(utf8: token) }
        return String(unsafeUninitializedCapacity: token.count) { output in
            for (index, byte) in token.enumerated() { output[index] = byte.asciiLowercased }
            return token.count
        }
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
