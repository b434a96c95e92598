/// The one key of the configuration that `sendmail` needs, read without the whole of TOML: `data`, a text in the lines
/// before the first table.
package enum ConfigurationHead {
    package enum Data: Equatable {
        case folder(String)
        case missing
        /// It is there, but in no form that is read here.
        case unclear
    }

    package static func data(in text: String) -> Data {
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.hasPrefix("[") { break }
            guard let equals = line.firstIndex(of: "=") else {
                if line.isEmpty || line.hasPrefix("#") { continue }
                return .unclear
            }
            let key = line[..<equals].filter { $0 != " " && $0 != "\t" }
            if ["data", "\"data\"", "'data'"].contains(key) {
                return value(line[equals...].dropFirst().drop { $0 == " " || $0 == "\t" })
            }
            if key.isEmpty || line.contains("\"\"\"") || line.contains("'''") { return .unclear }
        }
        return .missing
    }

    /// A text in quotes, and behind it at most a comment.
    private static func value(_ text: Substring) -> Data {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return .unclear }
        let inner = text.dropFirst()
        guard let end = inner.firstIndex(of: quote) else { return .unclear }
        let value = inner[..<end]
        let rest = inner[end...].dropFirst().drop { $0 == " " || $0 == "\t" }
        // An escape in a path is rare enough to be said otherwise.
        guard !value.isEmpty, !(quote == "\"" && value.contains("\\")), rest.isEmpty || rest.hasPrefix("#") else {
            return .unclear
        }
        return .folder(String(value))
    }
}
