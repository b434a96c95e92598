import MailCore

/// Finds the lines of keys in a TOML text. The text must already have been read as TOML: what is no TOML gives no error
/// here, only fewer lines.
///
/// An element of a list has its index as the last part of its path.
package struct TOMLKeyLocator: Sendable {
    private var cursor: ByteCursor
    private var line = 1
    /// Up to where the lines are counted.
    private var counted = 0
    private var found = TOMLKeyLines()

    /// - Returns: the line on which each key first stands.
    package static func lines(in text: String) -> TOMLKeyLines {
        var locator = TOMLKeyLocator(cursor: ByteCursor(Array(text.utf8)))
        locator.readFile()
        return locator.found
    }

    private init(cursor: ByteCursor) {
        self.cursor = cursor
    }

    private mutating func readFile() {
        var table: [String] = []
        skipBlank(overLines: true)
        while let byte = cursor.peek {
            if byte == UInt8(ascii: "[") {
                _ = cursor.take()
                _ = cursor.take(UInt8(ascii: "["))
                table = readKey()
                note(table)
                skipLine()
            } else {
                readAssignment(in: table)
                skipLine()
            }
            skipBlank(overLines: true)
        }
    }

    private mutating func readAssignment(in table: [String]) {
        let key = readKey()
        for count in stride(from: 1, through: key.count, by: 1) { note(table + key[..<count]) }
        skipBlank(overLines: false)
        guard cursor.take(UInt8(ascii: "=")) else { return }
        skipBlank(overLines: false)
        readValue(at: table + key)
    }

    private mutating func readKey() -> [String] {
        var parts: [String] = []
        repeat {
            skipBlank(overLines: false)
            switch cursor.peek {
            case ASCII.quote, UInt8(ascii: "'"): parts.append(readString())
            default:
                parts.append(String(utf8: cursor.take { $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x5F }))
            }
            skipBlank(overLines: false)
        } while cursor.take(ASCII.dot)
        return parts
    }

    private mutating func readValue(at path: [String]) {
        switch cursor.peek {
        case ASCII.quote, UInt8(ascii: "'"): _ = readString()
        case UInt8(ascii: "["): readArray(at: path)
        case UInt8(ascii: "{"): readInlineTable(at: path)
        default: _ = cursor.take { !",]}#\n".utf8.contains($0) }
        }
    }

    private mutating func readArray(at path: [String]) {
        _ = cursor.take()
        var index = 0
        while true {
            skipBlank(overLines: true)
            guard let byte = cursor.peek, byte != UInt8(ascii: "]") else { break }
            note(path + [String(index)])
            let start = cursor.position
            readValue(at: path + [String(index)])
            skipBlank(overLines: true)
            index += 1
            guard cursor.take(UInt8(ascii: ",")) || cursor.position > start else { return }
        }
        _ = cursor.take()
    }

    private mutating func readInlineTable(at path: [String]) {
        _ = cursor.take()
        while true {
            skipBlank(overLines: true)
            guard let byte = cursor.peek, byte != UInt8(ascii: "}") else { break }
            let start = cursor.position
            readAssignment(in: path)
            skipBlank(overLines: true)
            guard cursor.take(UInt8(ascii: ",")) || cursor.position > start else { return }
        }
        _ = cursor.take()
    }

    private mutating func note(_ path: [String]) {
        while counted < cursor.position {
            if cursor.bytes[counted] == ASCII.lf { line += 1 }
            counted += 1
        }
        found.note(path[...], line: line)
    }

    /// Skips spaces and, over lines, comments and line ends too.
    private mutating func skipBlank(overLines: Bool) {
        cursor.skipSpaces()
        while overLines, let byte = cursor.peek, byte == UInt8(ascii: "#") || byte == ASCII.cr || byte == ASCII.lf {
            if byte == UInt8(ascii: "#") { _ = cursor.take { $0 != ASCII.lf } } else { _ = cursor.take() }
            cursor.skipSpaces()
        }
    }

    private mutating func skipLine() {
        _ = cursor.take { $0 != ASCII.lf }
    }
}

extension TOMLKeyLocator {
    /// Takes a string in one of TOML's four forms; escapes are undone where a key may have them.
    private mutating func readString() -> String {
        guard let quote = cursor.take() else { return "" }
        let isBasic = quote == ASCII.quote
        let isLong = cursor.rest.starts(with: [quote, quote])
        if isLong { cursor.move(to: cursor.position + 2) }
        var bytes: [UInt8] = []
        while let byte = cursor.take() {
            if byte == ASCII.backslash, isBasic {
                readEscape(into: &bytes)
            } else if byte != quote {
                bytes.append(byte)
            } else if !isLong {
                break
            } else if cursor.rest.starts(with: [quote, quote]) {
                cursor.move(to: cursor.position + 2)
                _ = cursor.take { $0 == quote }
                break
            }
        }
        return String(utf8: bytes)
    }

    private mutating func readEscape(into bytes: inout [UInt8]) {
        guard let byte = cursor.take() else { return }
        switch byte {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "t"): bytes.append(ASCII.tab)
        case UInt8(ascii: "n"): bytes.append(ASCII.lf)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "r"): bytes.append(ASCII.cr)
        case UInt8(ascii: "u"): readCodePoint(digits: 4, into: &bytes)
        case UInt8(ascii: "U"): readCodePoint(digits: 8, into: &bytes)
        default: bytes.append(byte)
        }
    }

    private mutating func readCodePoint(digits: Int, into bytes: inout [UInt8]) {
        let end = min(cursor.position + digits, cursor.bytes.count)
        let text = String(utf8: cursor.bytes[cursor.position..<end])
        cursor.move(to: end)
        guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else { return }
        bytes += Array(String(Character(scalar)).utf8)
    }
}
