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
        var sections: [String] = []
        var section: [UInt8] = []
        var character: [UInt8] = []
        for scalar in name.unicodeScalars {
            character.removeAll(keepingCapacity: true)
            UTF8.encode(scalar) { appendPercentEncoded($0, to: &character) }
            if section.count + character.count > longestValue {
                sections.append(String(utf8: section))
                section.removeAll(keepingCapacity: true)
            }
            section += character
        }
        return sections + [String(utf8: section)]
    }

    private static func appendPercentEncoded(_ byte: UInt8, to output: inout [UInt8]) {
        if byte.isASCIILetterOrDigit || "-._~".utf8.contains(byte) {
            output.append(byte)
        } else {
            output.append(UInt8(ascii: "%"))
            output.append(Hexadecimal.digit(byte >> 4))
            output.append(Hexadecimal.digit(byte & 15))
        }
    }
}
