extension Unicode.Scalar {
    /// Whether the character could end a line, command a terminal, or turn the direction of what follows: C0, C1, DEL,
    /// the separators of lines and paragraphs, and the marks of direction.
    package var isUnsafeInLine: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

extension String {
    /// The text with every character that is unsafe in a line written as `\u{…}`.
    package var escapingControls: String {
        guard unicodeScalars.contains(where: \.isUnsafeInLine) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if scalar.isUnsafeInLine {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
