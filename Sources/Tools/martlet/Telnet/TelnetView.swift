import FoundationEssentials
import MailCore
import MailServer
import SMTPTutor

/// A lesson on the terminal, or in a pipe.
struct TelnetView {
    /// Where lines of notes are broken.
    private static let width = 88

    private let style: TerminalStyle
    private let showsPrompt: Bool

    /// - Parameter showsPrompt: whether somebody types; lines from a pipe are shown as they are taken.
    init(style: TerminalStyle, showsPrompt: Bool) {
        self.style = style
        self.showsPrompt = showsPrompt
    }

    func prompt(isInContent: Bool) {
        if showsPrompt { write(isInContent ? "| " : "> ") }
    }

    func typed(_ line: String) {
        if !showsPrompt { print("> \(line)") }
    }

    func remark(_ text: String) { print(text) }

    func show(_ action: TutorAction) {
        switch action {
        case .spoken(let line): print("> \(line)")
        case .reply(let line, let gloss):
            write(
                "\(paint("<- \(line)".escapingControls, code: line.first))\(gloss.map { style.dim("   \($0)") } ?? "")\n"
            )
        case .note(let text):
            for line in Self.wrapped(text) { write("   \(style.dim("|")) \(line.escapingControls)\n") }
        case .next(let line):
            write("   \(style.dim("|")) Next: \(style.bold(line.escapingControls))\(style.dim("   (! does it)"))\n")
        case .send, .end: break
        }
    }

    /// Yes, not now, and no in three colours.
    private func paint(_ text: String, code: Character?) -> String {
        switch code {
        case "4": style.yellow(text)
        case "5": style.red(text)
        default: style.green(text)
        }
    }

    /// What the server for practice has taken.
    func message(_ lines: [String]) {
        write("   \(style.dim("|")) The server has now:\n")
        for line in lines { write("   \(style.dim("|"))     \(line.escapingControls)\n") }
    }

    private func print(_ line: String) { write("\(line.escapingControls)\n") }

    private func write(_ text: String) { try? StandardOutput.write(Data(text.utf8)) }

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count >= width { lines.append("") }
            lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? "\(word)" : " \(word)"
        }
        return lines
    }
}
