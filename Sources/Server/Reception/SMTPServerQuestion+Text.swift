import SMTPCore

extension SMTPServerQuestion {
    /// What a refusal refuses, for the log, where it is no command line.
    var subject: String? {
        switch self {
        case .greeting: "connection"
        case .message: "message"
        default: nil
        }
    }
}
