import MailCore

/// A name under which a file from a message can be kept: whatever the message asks for, it is one name in one folder.
public enum SafeFileName {
    /// How many octets of a name are kept.
    private static let longest = 200

    /// - Parameter fallback: the name where nothing is left of the one that the message asks for.
    public static func make(_ name: String?, fallback: String) -> String {
        let last = (name ?? "").split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
        var text = String.UnicodeScalarView()
        for scalar in last.unicodeScalars where isHarmless(scalar) { text.append(scalar) }
        var safe = String(text)
        while let first = safe.first, first == "." || first == " " || first == "-" { safe.removeFirst() }
        while let last = safe.last, last == "." || last == " " { safe.removeLast() }
        return safe.isEmpty ? fallback : shortened(safe)
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
        }
    }

    /// The beginning of a long name, with its extension.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > longest else { return name }
        let dot = name.lastIndex(of: ".")
        let suffix = dot.map { String(name[$0...]) } ?? ""
        let kept = suffix.utf8.count <= 20 ? suffix : ""
        var text = ""
        for character in name {
            if text.utf8.count + character.utf8.count + kept.utf8.count > longest { break }
            text.append(character)
        }
        return text + kept
    }
}
