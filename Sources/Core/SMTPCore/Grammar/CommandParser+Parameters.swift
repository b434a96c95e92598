import MailCore

/// `esmtp-param = esmtp-keyword ["=" esmtp-value]`
private struct Parameter {
    /// In capitals.
    let keyword: String
    let value: [UInt8]?

    var text: String { value.map { String(utf8: $0) } ?? "" }
}

extension CommandParser {
    mutating func mailParameters() throws(CommandSyntaxError) -> MailParameters {
        var result = MailParameters()
        for parameter in try parameters() {
            switch parameter.keyword {
            case "SIZE": result.size = try size(parameter)
            case "BODY": result.body = try body(parameter)
            case "SMTPUTF8":
                guard parameter.value == nil else { throw .arguments("SMTPUTF8 takes no value") }
                result.smtputf8 = true
            case "REQUIRETLS":
                guard parameter.value == nil else { throw .arguments("REQUIRETLS takes no value") }
                result.requireTLS = true
            case "RET":
                guard let value = EnvelopeOptions.Return(rawValue: parameter.text.uppercased()) else {
                    throw .arguments("RET is FULL or HDRS")
                }
                result.return = value
            case "ENVID": result.envelopeID = try xtext(parameter, limit: 100)
            case "AUTH": result.submitter = try xtext(parameter, limit: 500)
            default: throw CommandSyntaxError(555, 5, 4, "MAIL has no parameter \(parameter.keyword)")
            }
        }
        return result
    }

    mutating func recipientParameters(_ path: ForwardPath) throws(CommandSyntaxError) -> RecipientCommand {
        var notify: NotifyConditions?
        var original: OriginalRecipient?
        for parameter in try parameters() {
            switch parameter.keyword {
            case "NOTIFY": notify = try conditions(parameter)
            case "ORCPT": original = try originalRecipient(parameter)
            default: throw CommandSyntaxError(555, 5, 4, "RCPT has no parameter \(parameter.keyword)")
            }
        }
        return RecipientCommand(forwardPath: path, notify: notify, original: original)
    }

    private mutating func parameters() throws(CommandSyntaxError) -> [Parameter] {
        var parameters: [Parameter] = []
        while !cursor.isAtEnd {
            let behindSpace = cursor.peek == ASCII.space || cursor.peek == ASCII.tab
            cursor.skipSpaces()
            if cursor.isAtEnd { break }
            let keyword = cursor.take { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
            guard behindSpace, keyword.first?.isASCIILetterOrDigit == true else {
                throw .arguments("There is something behind the path that is no parameter")
            }
            var value: [UInt8]?
            if cursor.take(UInt8(ascii: "=")) {
                let bytes = cursor.take { $0 > ASCII.space && $0 != UInt8(ascii: "=") }
                guard !bytes.isEmpty else { throw .arguments("A parameter has an empty value") }
                value = Array(bytes)
            }
            let parameter = Parameter(keyword: String(utf8: keyword).uppercased(), value: value)
            guard !parameters.contains(where: { $0.keyword == parameter.keyword }) else {
                throw .arguments("\(parameter.keyword) is given twice")
            }
            parameters.append(parameter)
        }
        return parameters
    }

    /// `size-value = 1*20DIGIT` (RFC 1870 §3).
    private func size(_ parameter: Parameter) throws(CommandSyntaxError) -> UInt64 {
        guard let value = parameter.value, value.count <= 20, value.allSatisfy(\.isASCIIDigit) else {
            throw .arguments("SIZE is a number of octets")
        }
        return UInt64(parameter.text) ?? .max
    }

    private func body(_ parameter: Parameter) throws(CommandSyntaxError) -> EnvelopeOptions.Body {
        guard let value = EnvelopeOptions.Body(rawValue: parameter.text.uppercased()) else {
            throw .arguments("BODY is 7BIT, 8BITMIME or BINARYMIME")
        }
        return value
    }

    private func xtext(_ parameter: Parameter, limit: Int) throws(CommandSyntaxError) -> String {
        guard let value = parameter.value, value.count <= limit, let text = XText.decode(value) else {
            throw .arguments("\(parameter.keyword) is xtext of at most \(limit) octets")
        }
        return text
    }

    private func conditions(_ parameter: Parameter) throws(CommandSyntaxError) -> NotifyConditions {
        var conditions: NotifyConditions = []
        let words = parameter.text.uppercased().split(separator: ",", omittingEmptySubsequences: false)
        if words == ["NEVER"] { return .never }
        for word in words {
            switch word {
            case "SUCCESS": conditions.insert(.success)
            case "FAILURE": conditions.insert(.failure)
            case "DELAY": conditions.insert(.delay)
            default: throw .arguments("NOTIFY is NEVER, or some of SUCCESS, FAILURE and DELAY")
            }
        }
        return conditions
    }

    /// `addr-type ";" xtext`, of at most 500 octets (RFC 3461 §4.2).
    private func originalRecipient(_ parameter: Parameter) throws(CommandSyntaxError) -> OriginalRecipient {
        let value = parameter.value ?? []
        guard value.count <= 500, let semicolon = value.firstIndex(of: UInt8(ascii: ";")),
            semicolon > 0, value[..<semicolon].allSatisfy({ $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }),
            let address = XText.decode(value[(semicolon + 1)...]), !address.isEmpty
        else { throw .arguments("ORCPT is an address type, a semicolon and xtext, of at most 500 octets") }
        return OriginalRecipient(addressType: String(utf8: value[..<semicolon]).lowercased(), address: address)
    }
}
