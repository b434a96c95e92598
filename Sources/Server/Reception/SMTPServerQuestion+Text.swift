import MailCore
import SMTPCore

extension SMTPServerQuestion {
    /// The command that the question came of, for the log.
    var commandText: String? {
        switch self {
        case .greeting: "connection"
        case .hello(let command): "\(String(describing: command.verb).uppercased()) \(command.name)"
        case .mail(let command): "MAIL FROM:\(command.reversePath)"
        case .recipient(let command): "RCPT TO:\(command.forwardPath)"
        case .content: "DATA"
        case .message: "message"
        case .verify(let query): "VRFY \(query.text)"
        case .expand(let query): "EXPN \(query.text)"
        case .status: "HELP STATUS"
        case .authenticate(let command): "AUTH \(command.mechanism)"
        case .authenticationResponse: nil
        }
    }
}
