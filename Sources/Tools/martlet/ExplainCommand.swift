import ArgumentParser
import MailCore
import MailServer
import SMTPCore

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a reply of a mail server means, and who must act.",
        discussion: """
            Takes reply codes (RFC 5321) and enhanced status codes (RFC 3463), the whole line as a server wrote it, or a
            line of a report or a log that quotes one. Says so where two codes contradict each other.

            EXAMPLES
              martlet explain 451 4.7.1
              martlet explain '550 5.1.1 <ann@example.org>: no such user'
              martlet explain 'host mx.example.org[192.0.2.1] said: 452 4.2.2 Over quota (in reply to RCPT TO)'
              martlet explain --json 5.7.23
            """)

    @Argument(help: ArgumentHelp("A code, or a line with one.", valueName: "code")) var codes: [String]
    @Flag(help: "One JSON object a code and line.") var json = false

    func run() throws {
        let found = ReplyCodes.all(in: codes.joined(separator: " "))
        guard !found.isEmpty else {
            let text = codes.joined(separator: " ").escapingControls
            throw ExitStatus.usage.failing("there is no code in '\(text)'; codes look like 451 or 4.7.1")
        }
        var paragraphs: [String] = []
        for codes in found {
            let contradiction = Self.contradiction(codes)
            let explanations = [
                codes.reply.flatMap { CodeExplanation(reply: $0) }, codes.status.map(CodeExplanation.init),
            ]
            for explanation in explanations.compactMap(\.self) {
                paragraphs.append(try json ? Self.line(explanation, contradiction) : Self.text(explanation))
            }
            if !json, let contradiction { paragraphs.append(contradiction) }
        }
        StandardOutput.print(paragraphs.joined(separator: json ? "\n" : "\n\n"))
    }

    /// What is wrong where two codes do not go together.
    private static func contradiction(_ codes: ReplyCodes) -> String? {
        guard codes.isContradictory, let reply = codes.reply, let status = codes.status else { return nil }
        return "\(reply) and \(status) contradict each other: the second has to begin with the digit of the first "
            + "(RFC 2034 §4).\n    What counts is \(reply); whoever runs the server that answered should mend it."
    }

    private static func text(_ explanation: CodeExplanation) -> String {
        var lines = ["\(explanation.code)  \(explanation.title)", "    \(explanation.meaning)"]
        if let causes = explanation.causes { lines.append("    Usual causes: \(causes).") }
        lines.append("    Who must act: \(duty(explanation)).")
        lines.append("    Source: \(explanation.source)")
        return lines.joined(separator: "\n")
    }

    private static func duty(_ explanation: CodeExplanation) -> String {
        switch explanation.party {
        case .nobody where explanation.code.hasPrefix("4"): "nobody yet; the sending server tries again by itself"
        case .nobody: "nobody"
        case .author: "whoever wrote the message"
        case .recipient: "whoever the message is for"
        case .sendingSide: "whoever runs the server or the program that sends"
        case .receivingSide: "whoever runs the server that answered"
        }
    }

    private struct Line: Encodable {
        let code, title, meaning: String
        let causes: String?
        let who, action, source: String
        let registered: Bool
        let contradiction: String?
    }

    private static func line(_ explanation: CodeExplanation, _ contradiction: String?) throws -> String {
        try JSONLine.text(
            Line(
                code: explanation.code, title: explanation.title, meaning: explanation.meaning,
                causes: explanation.causes, who: explanation.party.rawValue, action: duty(explanation),
                source: explanation.source, registered: explanation.isRegistered,
                contradiction: contradiction?.replacing("\n    ", with: " ")))
    }
}
