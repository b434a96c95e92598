import MailCore
import SMTPCore

/// What the learner types.
extension DialogueTutor {
    /// A typed line, without its end.
    ///
    /// `?` and `!` at its beginning are for the tutor; within a message only where they stand alone.
    package mutating func typed(_ line: String) -> [TutorAction] {
        guard position != .over else { return [.end] }
        guard line.utf8.count <= Self.longestLine else {
            return [.note("That line has more than \(Self.longestLine) octets, and was not sent.")]
        }
        if line == "?" { return explanation }
        if line == "!" { return doNextStep() }
        if position == .content { return contentLine(line) }
        if line.hasPrefix("?") { return explanation(of: line.dropFirst().trimmed) }
        if line.lowercased().hasPrefix("!lf ") { return bareLineFeed(line.dropFirst(4)) }
        if line.hasPrefix("!") { return [.note("! alone does the next step; !lf LINE sends LINE with a bare LF.")] }
        return command(line)
    }

    private mutating func doNextStep() -> [TutorAction] {
        guard position != .content else { return restOfMessage() }
        guard let line = nextStep?.line else { return [] }
        return [.spoken(line)] + command(line)
    }

    private mutating func restOfMessage() -> [TutorAction] {
        let lines =
            contentLines > 0
            ? ["."]
            : [
                "From: <\(names.sender)>", "To: <\(names.recipient)>", "Subject: Hello", "",
                "This is a message by hand.", ".",
            ]
        return lines.flatMap { [.spoken($0)] + contentLine($0) }
    }

    // MARK: Commands

    private mutating func command(_ line: String) -> [TutorAction] {
        let octets = Array(line.utf8)
        let verb = Self.verb(of: line)
        switch verb {
        case .starttls:
            return [
                .note(
                    "STARTTLS would begin encryption, and nobody speaks that by hand. It was not sent; this lesson stays "
                        + "in the clear.")
            ]
        case .bdat:
            return [
                .note(
                    "BDAT counts octets where DATA looks for a dot (RFC 3030): good for programs, hard by hand. It was "
                        + "not sent; use DATA.")
            ]
        default: break
        }
        awaiting = Sent(kind: .command(verb), slip: slip(in: octets, verb))
        return [.send(octets + Self.lineEnd)]
    }

    private mutating func bareLineFeed(_ line: Substring) -> [TutorAction] {
        awaiting = Sent(
            kind: .command(Self.verb(of: String(line))),
            slip: "A line ends in CR LF. An LF alone is no line end: servers that take it for one can be tricked into "
                + "seeing another message than the server before them saw (RFC 5321 §2.3.8).")
        return [
            .note("This goes out with LF alone at its end, where CR LF belongs."), .send(Array(line.utf8) + [ASCII.lf]),
        ]
    }

    static let lineEnd: [UInt8] = [ASCII.cr, ASCII.lf]

    static func verb(of line: String) -> SMTPVerb? {
        SMTPVerb(rawValue: line.prefix { $0.isASCII && $0.isLetter }.uppercased())
    }

    /// What is wrong with a command, as far as it can be known before the server has said anything.
    private func slip(in octets: [UInt8], _ verb: SMTPVerb?) -> String? {
        if let order = verb.flatMap(orderSlip) { return order }
        do throws(CommandSyntaxError) {
            _ = try CommandParser.parse(octets)
            return nil
        } catch {
            let text = error.reply.lines.joined(separator: " ")
            guard let verb else {
                return "\(text). The commands of a message are EHLO, MAIL, RCPT, DATA and QUIT, in this order."
            }
            return "\(text). It is written so: \(verb.syntax)."
        }
    }

    private func orderSlip(_ verb: SMTPVerb) -> String? {
        switch (verb, position) {
        case (.mail, .connected), (.rcpt, .connected), (.data, .connected):
            "The server wants to know first who you are: EHLO and the name of your machine."
        case (.mail, .sender), (.mail, .recipients):
            "There is a message under way already, and one is sent at a time. RSET forgets it."
        case (.rcpt, .idle): "Recipients come after MAIL FROM: first who sends, then who gets it."
        case (.data, .idle): "The message comes last: MAIL FROM first, then RCPT TO, then DATA."
        case (.data, .sender): "Nobody gets the message yet: name a recipient with RCPT TO first."
        default: nil
        }
    }

    // MARK: Content

    private mutating func contentLine(_ line: String) -> [TutorAction] {
        let octets = Array(line.utf8) + Self.lineEnd
        if line == "." {
            awaiting = Sent(kind: .endOfData)
            return [.send(octets)]
        }
        let notes = contentNotes(line)
        contentLines += 1
        return [.send(octets)] + notes
    }

    private mutating func contentNotes(_ line: String) -> [TutorAction] {
        if line.utf8.count > 998 {
            return [.note("A line of a message has at most 998 octets (RFC 5322 §2.1.1); servers may refuse this one.")]
        }
        if line.hasPrefix("."), toldOnce.insert(.dots).inserted {
            return [
                .note(
                    "A line of the message that begins with a dot is sent with one dot more in front, so that it cannot "
                        + "be taken for the end; the server takes that one away (RFC 5321 §4.5.2).")
            ]
        }
        if let verb = Self.verb(of: line), Self.looksLikeCommand(line, verb) {
            return [
                .note(
                    "That was no command: after DATA every line is part of the message, this one too. The missing line "
                        + "is a single dot; it ends the message."), .next("."),
            ]
        }
        if contentLines == 0, !line.contains(":"), toldOnce.insert(.header).inserted {
            return [
                .note(
                    "A message begins with header fields such as 'Subject: Hello', then comes an empty line, then the "
                        + "text (RFC 5322 §2.1). This one begins with text, and will be shown without a subject.")
            ]
        }
        return []
    }

    private static func looksLikeCommand(_ line: String, _ verb: SMTPVerb) -> Bool {
        let rest = line.dropFirst(verb.rawValue.count)
        switch verb {
        case .quit, .rset, .data, .noop, .starttls: return rest.trimmed.isEmpty
        case .mail: return rest.uppercased().hasPrefix(" FROM:")
        case .rcpt: return rest.uppercased().hasPrefix(" TO:")
        case .ehlo, .helo: return rest.hasPrefix(" ")
        default: return false
        }
    }
}

extension Substring {
    var trimmed: String {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
