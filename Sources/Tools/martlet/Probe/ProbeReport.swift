import FoundationEssentials
import MailCore
import MailServer
import SMTPTutor

/// Tells what a probe finds, as it finds it: to people in columns, or to programs as one JSON object a line.
final class ProbeReport {
    private static let timeWidth = 9
    private static let nameWidth = 10

    private let isJSON: Bool
    private let showsDialogue: Bool
    private let style: TerminalStyle
    private(set) var warnings = 0

    init(isJSON: Bool, showsDialogue: Bool, style: TerminalStyle) {
        self.isJSON = isJSON
        self.showsDialogue = showsDialogue
        self.style = style
    }

    /// A heading over the steps that follow.
    func heading(_ text: String) {
        if !isJSON { write(style.bold(text.escapingControls)) }
    }

    func add(_ step: ProbeStep) {
        if step.verdict == .warning { warnings += 1 }
        if isJSON { return write(step) }
        for (index, line) in lines(of: step).enumerated() {
            let time = index == 0 ? step.milliseconds.map(Self.time) ?? "" : ""
            let name = index == 0 ? step.step : ""
            let text = "\(index == 0 ? Self.word(step.verdict) : "")\(line)".escapingControls
            write("\(style.dim(Self.right(time)))  \(Self.left(name)) \(style.paint(text, step.verdict))")
        }
    }

    /// What is shown of a step: of one that the dialogue has told already, no more than its first line.
    private func lines(of step: ProbeStep) -> [String] {
        if showsDialogue, step.replyCode != nil { return Array(step.lines.prefix(1)) }
        return step.extensions == nil ? step.lines : step.lines.prefix(1) + Self.table(step.lines.dropFirst())
    }

    private static func table(_ lines: ArraySlice<String>) -> [String] {
        let width = min(24, lines.map(\.count).max() ?? 0)
        return lines.map { line in
            guard let gloss = ExtensionGloss.text(of: line) else { return line }
            return line + String(repeating: " ", count: max(0, width - line.count)) + "  \(gloss)"
        }
    }

    func dialogue(sent text: String) { dialogue("->", text) }

    func dialogue(received text: String) { dialogue("<-", text) }

    private func dialogue(_ direction: String, _ text: String) {
        guard showsDialogue else { return }
        if isJSON { return write(ProbeLine(direction: direction == "->" ? "sent" : "received", text: text)) }
        write(style.dim("\(Self.right(""))  \(direction) \(text.escapingControls)"))
    }

    func finish(_ result: ProbeResult) {
        if isJSON { return write(result) }
        write(style.paint("\(Self.word(result.verdict))\(result.text)".escapingControls, result.verdict))
    }

    private static func word(_ verdict: ProbeStep.Verdict) -> String {
        switch verdict {
        case .ok: ""
        case .warning: "warning: "
        case .failed: "failed: "
        }
    }

    private static func time(_ milliseconds: Double) -> String {
        milliseconds < 10 ? "\((milliseconds * 10).rounded() / 10) ms" : "\(Int(milliseconds.rounded())) ms"
    }

    private static func right(_ text: String) -> String {
        String(repeating: " ", count: max(0, timeWidth - text.count)) + text
    }

    private static func left(_ text: String) -> String {
        text + String(repeating: " ", count: max(0, nameWidth - text.count))
    }

    private func write(_ object: some Encodable) {
        if let line = try? JSONLine.text(object) { write(line) }
    }

    /// At once, for whoever watches. That nobody reads any more is no reason to leave a server without QUIT.
    private func write(_ line: String) {
        try? StandardOutput.write(Data("\(line)\n".utf8))
    }
}
