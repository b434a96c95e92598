import MailCore
import SMTPCore

/// What `?` explains.
extension DialogueTutor {
    /// Where the dialogue is.
    var explanation: [TutorAction] {
        let place =
            switch position {
            case .greeting, .connected: "You are connected, and nobody has said hello."
            case .idle: "You have said who you are, and no message is under way."
            case .sender: "A message is under way; it has a sender, and no recipient yet."
            case .recipients: "A message is under way; it has a sender and recipients, and its text is missing."
            case .content: "You are within the message: every line is part of it, until a line with a single dot."
            case .over: "The dialogue is over."
            }
        guard let step = nextStep else { return [.note(place)] }
        return [.note("\(place) \(step.reason)"), .next(step.line)]
    }

    /// What a word means: a command, a keyword of EHLO, or the first digit of a code.
    func explanation(of word: String) -> [TutorAction] {
        if let verb = SMTPVerb(rawValue: word.uppercased()) {
            return [.note("\(VerbGloss.text(of: verb)) It is written so: \(verb.syntax).")]
        }
        if let gloss = ExtensionGloss.text(of: word) { return [.note("\(word.uppercased()): \(gloss).")] }
        if let severity = Int(word).flatMap({ (200...599).contains($0) ? SMTPReply.Severity(rawValue: $0 / 100) : nil })
        {
            return [.note("\(word): \(Self.text(of: severity))")]
        }
        let verbs = "EHLO, MAIL, RCPT, DATA, RSET, NOOP, VRFY, HELP and QUIT"
        return [.note("There is nothing to tell of that word. Commands are \(verbs); ? and one of them explains it.")]
    }

    private static func text(of severity: SMTPReply.Severity) -> String {
        switch severity {
        case .positiveCompletion: "done."
        case .positiveIntermediate: "so far so good; the server waits for the rest."
        case .transientNegative: "not now; the same may work later."
        case .permanentNegative: "no; the same will not work later either."
        }
    }
}
