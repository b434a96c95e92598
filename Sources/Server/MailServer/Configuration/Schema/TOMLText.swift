import MailCore

/// Writes TOML.
enum TOMLText {
    /// A basic string in quotes.
    static func string(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// One part of a key: bare where that is allowed.
    static func key(_ text: String) -> String {
        let isBare = !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_".utf8.contains($0) }
        return isBare ? text : string(text)
    }

    /// A whole key, its parts joined by dots.
    static func key(_ path: [String]) -> String { path.map(key).joined(separator: ".") }

    static func list(_ values: [String]) -> String { "[" + values.joined(separator: ", ") + "]" }
}
