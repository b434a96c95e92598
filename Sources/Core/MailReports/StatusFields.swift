import MailCore
import MailMIME

/// Writes fields of a message/delivery-status part: whatever a value holds, it stays one value of one field.
struct StatusFields {
    /// Whether values may go beyond ASCII (RFC 6533).
    let isInternational: Bool
    private(set) var bytes: [UInt8] = []

    /// The longest value in octets.
    private static let longestValue = 2_000
    /// The longest run without a place to fold.
    private static let longestToken = 900

    init(isInternational: Bool) {
        self.isInternational = isInternational
    }

    mutating func add(_ name: String, _ value: String) {
        bytes += FieldWriter.field(name, tokens(of: value))
    }

    /// A value that begins with the name of the form that the rest has, such as `rfc822; ann@example.org`.
    mutating func add(_ name: String, _ type: String, _ value: String) {
        bytes += FieldWriter.field(name, ["\(type);"] + tokens(of: value))
    }

    /// Ends a group of fields.
    mutating func endGroup() {
        bytes += [ASCII.cr, ASCII.lf]
    }

    private func tokens(of value: String) -> [String] {
        StatusText.line(value, isInternational: isInternational, limit: Self.longestValue)
            .split(separator: " ").flatMap { Self.pieces(of: $0) }
    }

    private static func pieces(of word: Substring) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in word.unicodeScalars {
            if piece.utf8.count + UTF8.width(character) > longestToken {
                pieces.append(piece)
                piece = ""
            }
            piece.unicodeScalars.append(character)
        }
        return pieces + [piece]
    }
}

/// Text from elsewhere, made safe for one line.
enum StatusText {
    /// Control characters and line ends become blanks; beyond ASCII, where that may not be, question marks.
    static func line(_ text: String, isInternational: Bool = true, limit: Int = 2_000) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            if line.utf8.count >= limit { break }
            if String(scalar).hasControlOrLineEnd {
                line.append(" ")
            } else if scalar.value < 0x80 || isInternational {
                line.unicodeScalars.append(scalar)
            } else {
                line.append("?")
            }
        }
        return line
    }

    /// An address beyond ASCII in ASCII: utf-8-addr-xtext of RFC 6533 §3.
    static func xtext(_ address: String) -> String {
        var text = ""
        for scalar in address.unicodeScalars {
            let isPlain = scalar.value > 0x20 && scalar.value < 0x7F && !"\\+=".unicodeScalars.contains(scalar)
            if isPlain {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\x{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return text
    }
}
