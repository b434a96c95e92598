import MailCore

/// The `filename` parameter of Content-Disposition (RFC 2183 §2.3): as it is where it is plain, else in the extended
/// form, in sections where it is long (RFC 2231 §3, §4).
enum FileNameParameter {
    private static let longestValue = 55

    /// One parameter or several, each `name=value`.
    static func parameters(of name: String) -> [String] {
        if isPlain(name) { return ["filename=\"\(name)\""] }
        let sections = sections(of: name)
        if sections.count == 1 { return ["filename*=utf-8''\(sections[0])"] }
        return sections.enumerated().map { index, section in
            "filename*\(index)*=\(index == 0 ? "utf-8''" : "")\(section)"
        }
    }

    /// Whether every reader takes the name out of quotes as it was put in.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 >= ASCII.space && $0 < 0x7F && $0 != ASCII.quote && $0 != ASCII.backslash }
            && !name.contains("=?") && !name.hasPrefix(" ") && !name.hasSuffix(" ") && name.utf8.count <= longestValue
    }

    private static func sections(of name: String) -> [String] {
        var sections = [""]
        for scalar in name.unicodeScalars {
            let encoded = String(utf8: String(scalar).utf8.flatMap(percentEncoded))
            if sections[sections.count - 1].utf8.count + encoded.utf8.count > longestValue { sections.append("") }
            sections[sections.count - 1] += encoded
        }
        return sections
    }

    private static func percentEncoded(_ byte: UInt8) -> [UInt8] {
        let isPlain = byte.isASCIILetterOrDigit || "-._~".utf8.contains(byte)
        return isPlain ? [byte] : [UInt8(ascii: "%")] + Hexadecimal.digits(of: byte)
    }
}
