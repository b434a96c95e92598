/// Prepares user names and passwords so that what looks the same is the same (RFC 4013). Of the compatibility forms
/// those are folded that keyboards give: full-width ASCII, the Roman numerals, and the marks of Latin-1.
public enum SASLPrep {
    /// `text` prepared; nil where it holds what must not be in a name or a password, or mixes directions of writing
    /// (RFC 3454 §6).
    public static func prepare(_ text: String) -> String? {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var prepared = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isMappedToNothing(scalar) {
            if let folded = folded(scalar) { prepared.append(contentsOf: folded) } else { prepared.append(scalar) }
        }
        guard !prepared.contains(where: isProhibited), isOneDirection(prepared) else { return nil }
        return String(prepared)
    }

    /// RFC 3454 table B.1.
    private static func isMappedToNothing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x1806, 0x180B...0x180D, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    private static let romanNumerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    private static let latinMarks: [UInt32: String] = [
        0xAA: "a", 0xB2: "2", 0xB3: "3", 0xB5: "μ", 0xB9: "1", 0xBA: "o",
    ]

    /// Spaces beyond ASCII become the one of ASCII (RFC 3454 table C.1.2); compatibility forms what they stand for.
    private static func folded(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView? {
        switch scalar.value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: " ".unicodeScalars
        case 0xFF01...0xFF5E: Unicode.Scalar(scalar.value - 0xFEE0).map { String($0).unicodeScalars }
        case 0x2160...0x216B: romanNumerals[Int(scalar.value - 0x2160)].unicodeScalars
        case 0xA0...0xBA: latinMarks[scalar.value]?.unicodeScalars
        default: nil
        }
    }

    /// RFC 4013 §2.3.
    private static func isProhibited(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x6DD, 0x70F, 0x180E, 0x2028...0x2029, 0x202A...0x202E, 0x2061...0x2063,
            0x206A...0x206F, 0x340...0x341, 0x200E...0x200F, 0x2FF0...0x2FFB, 0xE000...0xF8FF, 0xFFF9...0xFFFD,
            0x1D173...0x1D17A, 0xE0001, 0xE0020...0xE007F, 0xF0000...0x10FFFF:
            true
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    /// RFC 3454 §6: text from right to left begins and ends so, and holds no letter of the other direction.
    private static func isOneDirection(_ scalars: String.UnicodeScalarView) -> Bool {
        guard scalars.contains(where: isRightToLeft) else { return true }
        guard let first = scalars.first, let last = scalars.last else { return true }
        return isRightToLeft(first) && isRightToLeft(last)
            && !scalars.contains { !isRightToLeft($0) && $0.properties.isAlphabetic }
    }

    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x5BE, 0x5C0, 0x5C3, 0x5D0...0x5F4, 0x61B...0x64A, 0x66D...0x66F, 0x671...0x6D5, 0x6FA...0x710,
            0x712...0x72C, 0x780...0x7B1, 0xFB1D, 0xFB1F...0xFDFC, 0xFE70...0xFEFC:
            true
        default: false
        }
    }
}
