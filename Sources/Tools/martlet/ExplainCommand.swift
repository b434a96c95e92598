import ArgumentParser
import MailCore
import MailServer
import SMTPCore

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a reply of a mail server means, and who must act.",
        discussion: """
            Takes reply codes (RFC 5321) and enhanced status codes (RFC 3463), or the whole line as a server wrote it.

            EXAMPLES
              martlet explain 451 4.7.1
              martlet explain '550 5.1.1 <ann@example.org>: no such user'
              martlet explain --json 5.7.23
            """)

    @Argument(help: ArgumentHelp("A code, or a line that begins with one.", valueName: "code")) var codes: [String]
    @Flag(help: "One JSON object a code and line.") var json = false

    func run() throws {
        let explanations = try CodeReader.explanations(in: codes)
        for (index, explanation) in explanations.enumerated() {
            if !json, index > 0 { StandardOutput.print("") }
            StandardOutput.print(try json ? Self.line(explanation) : Self.text(explanation))
        }
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
    }

    private static func line(_ explanation: CodeExplanation) throws -> String {
        try JSONLine.text(
            Line(
                code: explanation.code, title: explanation.title, meaning: explanation.meaning,
                causes: explanation.causes, who: explanation.party.rawValue, action: duty(explanation),
                source: explanation.source, registered: explanation.isRegistered))
    }
}

/// Finds the codes at the beginning of what was typed or pasted.
private enum CodeReader {
    static func explanations(in arguments: [String]) throws -> [CodeExplanation] {
        let words = arguments.flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "#" }) }
        var found: [CodeExplanation] = []
        for word in words {
            guard let explanation = explanation(of: word) else { break }
            found.append(explanation)
        }
        guard !found.isEmpty else {
            let text = arguments.joined(separator: " ").escapingControls
            throw ExitStatus.usage.failing("'\(text)' begins with no code; codes look like 451 or 4.7.1")
        }
        return found
    }

    private static func explanation(of word: Substring) -> CodeExplanation? {
        if let status = EnhancedStatusCode(word) { return CodeExplanation(status) }
        guard word.utf8.count == 3 else { return nil }
        return Int(word).flatMap { CodeExplanation(reply: $0) }
    }
}
