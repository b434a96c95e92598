import MailCore

extension Mailbox {
    /// Reads `ann@example.org`, `Ann Author <ann@example.org>` or `"Author, Ann" <ann@example.org>`, as people type it:
    /// the name in any language, quoted or not.
    ///
    /// - Throws: `CompositionError`, `.mailbox` where the address is none.
    public init(parsing text: String) throws(CompositionError) {
        let text = Self.trimmed(text[...])
        guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
            try self.init(Self.address(text, in: text))
            return
        }
        let address = try Self.address(text[start...].dropFirst().dropLast(), in: text)
        try self.init(address, displayName: Self.unquoted(Self.trimmed(text[..<start])))
    }

    private static func address(_ text: Substring, in whole: Substring) throws(CompositionError) -> EmailAddress {
        do throws(AddressError) {
            return try EmailAddress(String(text))
        } catch {
            throw .mailbox(String(whole), reason: error.description)
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// The text within quotes, without the backslashes; other text as it is.
    private static func unquoted(_ name: Substring) -> String? {
        guard name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") else {
            return name.isEmpty ? nil : String(name)
        }
        var output = ""
        var isEscaped = false
        for character in name.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            output.append(character)
            isEscaped = false
        }
        return output
    }
}

extension Mailbox: ExpressibleByStringLiteral {
    /// A mailbox that the source names, read as `init(parsing:)` does.
    ///
    /// - Precondition: the literal is a mailbox.
    public init(stringLiteral text: String) {
        do throws(CompositionError) {
            try self.init(parsing: text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
