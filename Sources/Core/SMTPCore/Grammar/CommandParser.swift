public import MailCore

/// Reads one command line, without its CRLF (RFC 5321 §4.1.1 and the extensions).
public struct CommandParser {
    var cursor: ByteCursor
    let verb: SMTPVerb
    let defaultDomain: Domain?

    /// - Parameter defaultDomain: of addresses that are written without one (RFC 6409 §8.3); nil where these are refused.
    /// - Throws: `CommandSyntaxError` with the reply that the line deserves.
    public static func parse(
        _ line: [UInt8], defaultDomain: Domain? = nil
    ) throws(CommandSyntaxError) -> SMTPCommand {
        guard !line.contains(where: { $0.isASCIIControl && $0 != ASCII.tab }) else {
            throw CommandSyntaxError(501, 5, 2, "There is a control character in the command")
        }
        guard line.allSatisfy({ $0 < 0x80 }) || String(validating: line, as: UTF8.self) != nil else {
            throw CommandSyntaxError(501, 5, 2, "The command is not UTF-8")
        }
        var parser = try CommandParser(line, defaultDomain)
        return try parser.command()
    }

    private init(_ line: [UInt8], _ defaultDomain: Domain?) throws(CommandSyntaxError) {
        self.defaultDomain = defaultDomain
        var cursor = ByteCursor(line)
        let word = cursor.take(while: \.isASCIILetter)
        guard let verb = SMTPVerb(word), cursor.isAtEnd || cursor.peek == ASCII.space || cursor.peek == ASCII.tab else {
            throw line.isEmpty
                ? CommandSyntaxError(500, 5, 2, "The line is empty")
                : CommandSyntaxError(500, 5, 1, "There is no such command")
        }
        self.cursor = cursor
        self.verb = verb
    }

    private mutating func command() throws(CommandSyntaxError) -> SMTPCommand {
        cursor.skipSpaces()
        switch verb {
        case .helo: return .hello(try hello(.helo))
        case .ehlo: return .hello(try hello(.ehlo))
        case .lhlo: return .hello(try hello(.lhlo))
        case .mail: return .mail(try mail(.mail))
        case .send: return .mail(try mail(.send))
        case .soml: return .mail(try mail(.soml))
        case .saml: return .mail(try mail(.saml))
        case .rcpt: return .recipient(try recipient())
        case .data: return try withoutArguments(.data)
        case .bdat: return .chunk(try chunk())
        case .rset: return try withoutArguments(.reset)
        case .noop: return .noop
        case .quit: return try withoutArguments(.quit)
        case .help: return .help(topic: word(while: { $0 > ASCII.space }))
        case .vrfy: return .verify(try addressQuery())
        case .expn: return .expand(try addressQuery())
        case .turn: return try withoutArguments(.turn)
        case .etrn: return .etrn(try queueRequest())
        case .atrn: return .atrn(try domains())
        case .auth: return .authenticate(try authenticate())
        case .starttls: return try withoutArguments(.startTLS)
        case .xclient: return .clientAttributes(try clientAttributes())
        }
    }

    private mutating func withoutArguments(_ command: SMTPCommand) throws(CommandSyntaxError) -> SMTPCommand {
        try end()
        return command
    }

    private mutating func hello(_ verb: HelloCommand.Verb) throws(CommandSyntaxError) -> HelloCommand {
        var name = cursor.take { _ in true }
        while let last = name.last, last == ASCII.space || last == ASCII.tab { name.removeLast() }
        guard !name.isEmpty else { throw .arguments("Say who you are: \(self.verb.syntax)") }
        guard !name.contains(where: { $0 == ASCII.space || $0 == ASCII.tab }) else {
            throw .arguments("The name is one word: \(self.verb.syntax)")
        }
        guard name.count <= Domain.maximumLength else {
            throw .arguments("The name is longer than \(Domain.maximumLength) octets")
        }
        return HelloCommand(verb: verb, name: String(utf8: name))
    }

    private mutating func chunk() throws(CommandSyntaxError) -> ChunkCommand {
        let digits = cursor.take(while: \.isASCIIDigit)
        guard !digits.isEmpty, digits.count <= 20, let size = UInt64(String(utf8: digits)) else {
            throw .arguments("BDAT wants a number of octets")
        }
        let behindSpace = cursor.isAtEnd || cursor.peek == ASCII.space || cursor.peek == ASCII.tab
        guard behindSpace else { throw .arguments("BDAT wants a number of octets") }
        cursor.skipSpaces()
        let isLast = cursor.take(word: "LAST")
        try end()
        return ChunkCommand(size: size, isLast: isLast)
    }

    private mutating func authenticate() throws(CommandSyntaxError) -> AuthenticateCommand {
        let isMechanism = { (byte: UInt8) in
            byte.isASCIILetterOrDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard let mechanism = word(while: isMechanism), mechanism.utf8.count <= 20 else {
            throw .arguments("AUTH wants the name of a mechanism")
        }
        let isBase64 = { (byte: UInt8) in byte.isASCIILetterOrDigit || "+/=".utf8.contains(byte) }
        let response = word(while: isBase64)
        guard cursor.isAtEnd else { throw CommandSyntaxError(501, 5, 2, "The initial response is not base64") }
        return AuthenticateCommand(mechanism: mechanism.uppercased(), initialResponse: response)
    }

    private mutating func queueRequest() throws(CommandSyntaxError) -> QueueRequest {
        if cursor.take(UInt8(ascii: "#")) {
            guard let name = word(while: { $0 > ASCII.space }) else {
                throw .arguments("There is no name behind the #")
            }
            try end()
            return .queue(name)
        }
        let below = cursor.take(ASCII.at)
        let domain = try domain()
        try end()
        return below ? .domainAndBelow(domain) : .domain(domain)
    }

    private mutating func domains() throws(CommandSyntaxError) -> [Domain] {
        if cursor.isAtEnd { return [] }
        var domains = [try domain()]
        while cursor.take(UInt8(ascii: ",")) {
            cursor.skipSpaces()
            domains.append(try domain())
        }
        try end()
        return domains
    }

    private mutating func domain() throws(CommandSyntaxError) -> Domain {
        let bytes = cursor.take { $0 > ASCII.space && $0 != UInt8(ascii: ",") }
        do { return try Domain(bytes: Array(bytes)) } catch { throw .arguments(sentence(error)) }
    }

    /// The next run of octets that satisfy `condition`, with the spaces behind it; nil if there is none.
    mutating func word(while condition: (UInt8) -> Bool) -> String? {
        let word = cursor.take(while: condition)
        guard !word.isEmpty else { return nil }
        cursor.skipSpaces()
        return String(utf8: word)
    }

    mutating func end() throws(CommandSyntaxError) {
        cursor.skipSpaces()
        guard cursor.isAtEnd else { throw .arguments("There is something behind the command: \(verb.syntax)") }
    }

    /// An address error as the beginning of a reply's text.
    func sentence(_ error: AddressError) -> String {
        error.description.prefix(1).uppercased() + error.description.dropFirst()
    }
}
