import MailCore
import MailServer
import SMTPClient

/// A dialogue line by line, with times.
enum DialogueView {
    private static let timeWidth = 6

    /// `    12 ms > QUIT`.
    static func text(of line: TranscriptLine) -> String {
        let time = "\(Int(line.offset.milliseconds))"
        let padding = String(repeating: " ", count: max(0, timeWidth - time.utf8.count))
        return "\(padding)\(time) ms \(line.direction.rawValue) \(line.text.escapingControls)"
    }
}
