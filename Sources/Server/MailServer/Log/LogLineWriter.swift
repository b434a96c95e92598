import MailCore

/// The parts of a line of the log, as octets: a busy server writes some ten thousand lines a second.
struct LogLineWriter {
    private(set) var octets: [UInt8] = []
    /// The second in which the last event was, up to its point: most events share it with the one before.
    private var second: (begin: Int64, text: [UInt8]) = (.min, [])

    /// Writes what is not from a peer, as it is.
    mutating func append(_ text: String) { octets += text.utf8 }

    /// `2026-11-21T20:00:00.123Z`
    mutating func append(_ time: Timestamp) {
        let microseconds = enter(time)
        octets += second.text
        let milliseconds = microseconds / 1_000
        for digit in [milliseconds / 100, milliseconds / 10 % 10, milliseconds % 10] {
            octets.append(UInt8(ascii: "0") + UInt8(digit))
        }
        octets.append(UInt8(ascii: "Z"))
    }

    /// `20:00:00`
    mutating func appendClock(of time: Timestamp) {
        _ = enter(time)
        octets += second.text.suffix(9).dropLast()
    }

    /// - Returns: the microseconds since the second began.
    private mutating func enter(_ time: Timestamp) -> Int64 {
        let remainder = time.microseconds % 1_000_000
        let microseconds = remainder < 0 ? remainder + 1_000_000 : remainder
        let begin = time.microseconds - microseconds
        if begin != second.begin { second = (begin, Array(time.description.utf8.dropLast("000Z".utf8.count))) }
        return microseconds
    }

    /// ` name=value` for each: a value that stands by itself, or as JSON writes it where it holds what would end it.
    mutating func appendPairs(_ fields: [LogEvent.Field]) {
        for (name, value) in fields {
            octets.append(Self.space)
            append(name)
            octets.append(UInt8(ascii: "="))
            switch value {
            case .number(let number): append(String(number))
            case .text(let text):
                if Self.standsAlone(text) { append(text) } else { appendQuoted(text) }
            }
        }
    }

    /// A string of JSON, in which nothing unsafe is left.
    mutating func appendQuoted(_ text: String) {
        octets.append(Self.quote)
        if text.utf8.allSatisfy({ Self.isPlain($0) }) {
            append(text)
        } else {
            for scalar in text.unicodeScalars { append(scalar) }
        }
        octets.append(Self.quote)
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if scalar == "\"" || scalar == "\\" {
            octets += [Self.backslash, UInt8(scalar.value)]
        } else if scalar.isUnsafeInLine {
            let digits = String(scalar.value, radix: 16)
            append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
        } else {
            octets += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let space = UInt8(ascii: " ")
    private static let equals = UInt8(ascii: "=")

    private static func standsAlone(_ text: String) -> Bool {
        if text.isEmpty { return false }
        if text.utf8.allSatisfy({ isPlain($0) && $0 != space && $0 != equals }) { return true }
        return !text.unicodeScalars.contains { $0.isUnsafeInLine || " =\"\\".unicodeScalars.contains($0) }
    }

    /// Whether an octet is a character of its own that means nothing in quotes.
    private static func isPlain(_ octet: UInt8) -> Bool {
        octet >= space && octet < 0x7F && octet != quote && octet != backslash
    }
}
