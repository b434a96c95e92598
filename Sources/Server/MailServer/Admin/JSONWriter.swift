/// Writes objects of JSON, member by member, as `JSONLine` writes values and in a fraction of its time. The caller gives
/// the members in the order of their names.
struct JSONWriter {
    private(set) var octets: [UInt8] = []

    mutating func object(_ members: (inout JSONWriter) -> Void) {
        octets.append(UInt8(ascii: "{"))
        members(&self)
        end(with: UInt8(ascii: "}"))
    }

    /// Ends a line of an object of its own.
    mutating func endLine() {
        octets.append(UInt8(ascii: "\n"))
    }

    /// A member that is missing is left out.
    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        string(text)
        octets.append(Self.comma)
    }

    mutating func member(_ name: StaticString, _ number: some BinaryInteger) {
        key(name)
        octets += String(number).utf8
        octets.append(Self.comma)
    }

    mutating func member(_ name: StaticString, _ bool: Bool) {
        key(name)
        octets += (bool ? "true" : "false").utf8
        octets.append(Self.comma)
    }

    mutating func member<Element>(
        _ name: StaticString, _ elements: [Element], _ write: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        octets.append(UInt8(ascii: "["))
        for element in elements {
            write(element, &self)
            octets.append(Self.comma)
        }
        end(with: UInt8(ascii: "]"))
        octets.append(Self.comma)
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    /// Instead of the comma behind the last member.
    private mutating func end(with mark: UInt8) {
        if octets.last == Self.comma { octets.removeLast() }
        octets.append(mark)
    }

    private mutating func key(_ name: StaticString) {
        octets.append(Self.quote)
        name.withUTF8Buffer { octets += $0 }
        octets.append(Self.quote)
        octets.append(UInt8(ascii: ":"))
    }

    private mutating func string(_ text: String) {
        octets.append(Self.quote)
        if text.utf8.contains(where: { Self.mustBeEscaped($0) }) {
            for octet in text.utf8 { append(octet) }
        } else {
            octets += text.utf8
        }
        octets.append(Self.quote)
    }

    private static func mustBeEscaped(_ octet: UInt8) -> Bool { octet < 0x20 || octet == quote || octet == backslash }

    /// RFC 8259 §7.
    private mutating func append(_ octet: UInt8) {
        guard Self.mustBeEscaped(octet) else { return octets.append(octet) }
        octets.append(Self.backslash)
        switch octet {
        case 0x08: octets.append(UInt8(ascii: "b"))
        case 0x09: octets.append(UInt8(ascii: "t"))
        case 0x0A: octets.append(UInt8(ascii: "n"))
        case 0x0C: octets.append(UInt8(ascii: "f"))
        case 0x0D: octets.append(UInt8(ascii: "r"))
        case Self.quote, Self.backslash: octets.append(octet)
        default:
            let digits = String(octet, radix: 16)
            octets += "u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8
        }
    }
}
