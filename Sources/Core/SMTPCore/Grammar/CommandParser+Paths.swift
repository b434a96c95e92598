import MailCore

extension CommandParser {
    /// `MAIL FROM:` Reverse-path [ SP Mail-parameters ]
    mutating func mail(_ verb: MailCommand.Verb) throws(CommandSyntaxError) -> MailCommand {
        guard cursor.take(word: "FROM:") else { throw .arguments("The command is written \(self.verb.syntax)") }
        let path = try reversePath()
        return MailCommand(verb: verb, reversePath: path, parameters: try mailParameters())
    }

    /// `RCPT TO:` ( "<Postmaster@" Domain ">" / "<Postmaster>" / Forward-path ) [ SP Rcpt-parameters ]
    mutating func recipient() throws(CommandSyntaxError) -> RecipientCommand {
        guard cursor.take(word: "TO:") else { throw .arguments("The command is written \(verb.syntax)") }
        let path = try forwardPath()
        return try recipientParameters(path)
    }

    private mutating func reversePath() throws(CommandSyntaxError) -> ReversePath {
        try openPath(detail: 7)
        if cursor.take(ASCII.greater) { return .null }
        return .mailbox(try closePath(detail: 7))
    }

    private mutating func forwardPath() throws(CommandSyntaxError) -> ForwardPath {
        try openPath(detail: 3)
        let start = cursor.position
        if cursor.take(word: "POSTMASTER"), cursor.take(ASCII.greater) { return .postmaster }
        cursor.move(to: start)
        return .mailbox(try closePath(detail: 3))
    }

    private mutating func openPath(detail: Int) throws(CommandSyntaxError) {
        cursor.skipSpaces()
        guard cursor.take(ASCII.less) else {
            throw CommandSyntaxError(501, 1, detail, "The address must stand in angle brackets")
        }
    }

    /// `[ A-d-l ":" ] Mailbox ">"`
    private mutating func closePath(detail: Int) throws(CommandSyntaxError) -> EmailAddress {
        var parser = MailboxParser(cursor)
        do {
            try Self.skipSourceRoute(&parser)
            let localPart = try parser.localPart()
            if let defaultDomain, parser.cursor.take(ASCII.greater) {
                cursor = parser.cursor
                return EmailAddress(localPart: localPart, host: .domain(defaultDomain))
            }
            guard parser.cursor.peek != ASCII.greater else {
                throw CommandSyntaxError(553, 1, detail, "The address has no domain")
            }
            guard parser.cursor.take(ASCII.at) else { throw AddressError("there is no @ behind the local part") }
            let address = EmailAddress(localPart: localPart, host: try parser.host())
            guard parser.cursor.take(ASCII.greater) else {
                throw AddressError("the address is not closed by an angle bracket")
            }
            cursor = parser.cursor
            return address
        } catch let error as CommandSyntaxError {
            throw error
        } catch let error as AddressError {
            throw CommandSyntaxError(501, 1, detail, sentence(error))
        } catch {
            throw CommandSyntaxError(501, 1, detail, "The address cannot be read")
        }
    }

    /// `A-d-l = "@" Domain *( "," "@" Domain ) ":"`, which must be accepted and should be ignored (RFC 5321 §4.1.1.3).
    private static func skipSourceRoute(_ parser: inout MailboxParser) throws(AddressError) {
        guard parser.cursor.peek == ASCII.at else { return }
        repeat {
            guard parser.cursor.take(ASCII.at) else {
                throw AddressError("the source route is not written @host,@host:")
            }
            _ = try parser.host()
        } while parser.cursor.take(UInt8(ascii: ","))
        guard parser.cursor.take(ASCII.colon) else { throw AddressError("the source route does not end in a colon") }
    }

    /// `VRFY` and `EXPN`: a word, a quoted string or a path, then perhaps SMTPUTF8. What else stands there is for the machine
    /// to judge: whoever may not ask hears that first.
    mutating func addressQuery() throws(CommandSyntaxError) -> AddressQuery {
        var text: [UInt8] = []
        var quoted = false
        while let byte = cursor.peek, quoted || byte > ASCII.space {
            _ = cursor.take()
            if byte == ASCII.quote { quoted.toggle() }
            text.append(byte)
            if byte == ASCII.backslash, quoted, let escaped = cursor.take() { text.append(escaped) }
        }
        guard !quoted else { throw .arguments("The quoted string has no closing quote") }
        if text.first == ASCII.less, text.last == ASCII.greater { text = Array(text.dropFirst().dropLast()) }
        guard !text.isEmpty else { throw .arguments("The command is written \(verb.syntax)") }
        cursor.skipSpaces()
        let smtputf8 = cursor.take(word: "SMTPUTF8")
        cursor.skipSpaces()
        return AddressQuery(text: String(utf8: text), smtputf8: smtputf8, hasUnknownParameter: !cursor.isAtEnd)
    }
}
