import FoundationEssentials
import Glibc

/// Colours, where standard output is a terminal that has them and nobody minds (`NO_COLOR`, `TERM=dumb`).
struct TerminalStyle {
    private let isColoured: Bool

    static var standardOutput: TerminalStyle {
        let variables = ProcessInfo.processInfo.environment
        let isRefused = variables["NO_COLOR"].map { !$0.isEmpty } ?? false
        return TerminalStyle(isColoured: isatty(STDOUT_FILENO) == 1 && !isRefused && variables["TERM"] != "dumb")
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func red(_ text: String) -> String { wrap(text, "31") }

    func paint(_ text: String, _ verdict: ProbeStep.Verdict) -> String {
        switch verdict {
        case .ok: text
        case .warning: yellow(text)
        case .failed: red(text)
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
