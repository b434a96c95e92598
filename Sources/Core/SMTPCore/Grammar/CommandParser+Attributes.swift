import MailCore

/// `XCLIENT 1*( SP attribute-name "=" xtext )`, as Postfix's XCLIENT_README lays it down.
extension CommandParser {
    mutating func clientAttributes() throws(CommandSyntaxError) -> ClientAttributes {
        var attributes = ClientAttributes()
        var seen: Set<String> = []
        repeat {
            let (name, value) = try attribute()
            guard seen.insert(name).inserted else { throw .arguments("\(name) is given twice") }
            try set(name, to: value, in: &attributes)
        } while !cursor.isAtEnd
        return attributes
    }

    /// - Returns: the name in capitals, and the value; nil where it says that there is none to be had.
    private mutating func attribute() throws(CommandSyntaxError) -> (String, String?) {
        let name = String(utf8: cursor.take(while: \.isASCIILetter)).uppercased()
        guard !name.isEmpty, cursor.take(UInt8(ascii: "=")) else {
            throw .arguments("The command is written \(verb.syntax)")
        }
        let octets = cursor.take { $0 > ASCII.space }
        cursor.skipSpaces()
        guard octets.count <= Domain.maximumLength, let value = XText.decode(octets) else {
            throw .arguments("\(name) is xtext of at most \(Domain.maximumLength) octets")
        }
        let isUnknown = value.isEmpty || ["[UNAVAILABLE]", "[TEMPUNAVAIL]"].contains(value.uppercased())
        return (name, isUnknown ? nil : value)
    }

    private func set(
        _ name: String, to value: String?, in attributes: inout ClientAttributes
    ) throws(CommandSyntaxError) {
        switch name {
        case "NAME": attributes.name = value
        case "ADDR": attributes.address = try address(name, value)
        case "PORT": attributes.port = try port(name, value)
        case "PROTO":
            guard value.map({ ["SMTP", "ESMTP"].contains($0.uppercased()) }) ?? true else {
                throw .arguments("PROTO is SMTP or ESMTP")
            }
            attributes.transmission = value?.uppercased()
        case "HELO": attributes.hello = value
        case "LOGIN": attributes.login = value
        case "DESTADDR": attributes.destination = try address(name, value)
        case "DESTPORT": attributes.destinationPort = try port(name, value)
        default: throw .arguments("XCLIENT has no attribute \(name)")
        }
    }

    /// IPv6 has its name in front.
    private func address(_ name: String, _ value: String?) throws(CommandSyntaxError) -> IPAddress? {
        guard let value else { return nil }
        let isTagged = value.uppercased().hasPrefix("IPV6:")
        guard let address = IPAddress(isTagged ? String(value.dropFirst(5)) : value) else {
            throw .arguments("\(name) is an IPv4 address, or IPV6: and an IPv6 address")
        }
        return address
    }

    private func port(_ name: String, _ value: String?) throws(CommandSyntaxError) -> UInt16? {
        guard let value else { return nil }
        guard value.utf8.allSatisfy(\.isASCIIDigit), let port = UInt16(value) else {
            throw .arguments("\(name) is a number from 0 to 65535")
        }
        return port
    }
}
