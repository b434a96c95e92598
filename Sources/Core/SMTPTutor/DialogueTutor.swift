import SMTPCore

/// Goes beside a learner who speaks SMTP by hand: sends what was typed, right or wrong, says what each reply means, why
/// something was refused, and what comes next. It knows the dialogue only by what goes over the wire.
///
/// Whoever drives it gives it a typed line only while `awaitsReply` is false, and carries its actions out in order.
package struct DialogueTutor: Sendable {
    /// How far the dialogue has come, by what the server accepted.
    enum Position: Hashable {
        case greeting
        /// The server has greeted; nobody has said hello.
        case connected
        /// No transaction is open.
        case idle
        case sender
        case recipients
        case content
        case over
    }

    /// A line that was sent and not answered.
    struct Sent {
        enum Kind: Hashable {
            case greeting
            case command(SMTPVerb?)
            case endOfData
        }

        let kind: Kind
        /// What was wrong with it, to be told if the server minds.
        var slip: String?
    }

    /// The longest line that is sent, in octets, without its end.
    package static let longestLine = 10_000

    let names: TutorNames
    var position = Position.greeting
    var awaiting: Sent? = Sent(kind: .greeting)
    /// Whether a message was accepted in this session.
    var hasSent = false
    /// The lines of the message so far.
    var contentLines = 0
    /// Notes that are worth saying once.
    var toldOnce: Set<Lesson> = []

    enum Lesson: Hashable {
        case header, lineEnds, dots
    }

    package init(names: TutorNames = TutorNames()) {
        self.names = names
    }

    /// Whether the server must speak before the learner may.
    package var awaitsReply: Bool { awaiting != nil }

    /// Whether what is typed is content of a message.
    package var isInContent: Bool { position == .content }

    /// The connection is there.
    package func begin() -> [TutorAction] {
        [
            .note(
                "You are the client, and speak a line at a time; the server answers each with a number and words. "
                    + "? explains where you are, ? and a word explains the word, ! does the next step for you.")
        ]
    }

    /// The server has not answered for a while.
    package mutating func silenceGrew() -> [TutorAction] {
        awaiting = nil
        return [
            .note(
                "The server says nothing. It may think; or it still waits for the end of a line, which is CR LF and "
                    + "nothing else (RFC 5321 §2.3.8). Then your last line was the end of the one before: type it again."
            )
        ]
    }

    /// The server closed the connection.
    package mutating func serverClosed() -> [TutorAction] {
        let isExpected = position == .over
        position = .over
        awaiting = nil
        return isExpected
            ? [.end] : [.note("The server closed the connection. What was not answered with 250 was not taken."), .end]
    }

    /// The learner has nothing more to type.
    package mutating func inputEnded() -> [TutorAction] {
        defer { position = .over }
        switch position {
        case .over: return [.end]
        case .content:
            return [
                .note(
                    "The message is not finished: there was no line with a single dot. The connection ends now, and the "
                        + "server throws away what it has (RFC 5321 §4.1.1.4)."), .end,
            ]
        default:
            return [.note("The connection ends without QUIT. Servers bear it, but a client should say QUIT."), .end]
        }
    }
}

// MARK: - What comes next

extension DialogueTutor {
    /// The line that leads on, and why.
    var nextStep: (line: String, reason: String)? {
        switch position {
        case .greeting, .over: nil
        case .connected: ("EHLO \(names.client)", "Say who you are.")
        case .idle where hasSent: ("QUIT", "Your message is on its way; you may send another with MAIL, or leave.")
        case .idle: ("MAIL FROM:<\(names.sender)>", "Begin a message: say who hears of it if it cannot be delivered.")
        case .sender: ("RCPT TO:<\(names.recipient)>", "Say who shall get it; once for each recipient.")
        case .recipients: ("DATA", "Another RCPT for another recipient, or on to the message itself.")
        case .content where contentLines == 0:
            ("Subject: Hello", "Header fields, an empty line, the text; at last a line with a single dot.")
        case .content: (".", "A line with a single dot ends the message.")
        }
    }

    var next: [TutorAction] { nextStep.map { [.next($0.line)] } ?? [] }
}
