import ArgumentParser
import MailCore
import SMTPCore

/// Of what the sender is told by reports (RFC 3461).
struct DSNOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "When a report is sent: never, or some of success,failure,delay.", valueName: "conditions"),
        transform: Self.conditions)
    var notify: NotifyConditions?
    @Option(
        help: ArgumentHelp("What a report brings back of the message: full or headers.", valueName: "part"),
        transform: Self.part)
    var `return`: EnvelopeOptions.Return?
    @Option(
        help: ArgumentHelp("What reports name the message by, at most 100 characters.", valueName: "id"),
        transform: Self.id)
    var envelopeID: String?

    func apply(to envelope: inout Envelope) {
        (envelope.options.return, envelope.options.envelopeID) = (`return`, envelopeID)
        for index in envelope.recipients.indices { envelope.recipients[index].notify = notify }
    }

    /// What to say where a server cannot be told of these wishes; nil where there are none or it can.
    static func note(_ envelope: Envelope, _ extensions: ServerExtensions) -> String? {
        let hasWishes =
            envelope.options.return != nil || envelope.options.envelopeID != nil
            || envelope.recipients.contains { $0.notify != nil }
        guard hasWishes, !extensions.dsn else { return nil }
        return "the server offers no DSN, so it is not told --notify, --return and --envelope-id"
    }

    private static func conditions(_ text: String) throws -> NotifyConditions {
        if text == "never" { return .never }
        let known: [Substring: NotifyConditions] = ["success": .success, "failure": .failure, "delay": .delay]
        let conditions = text.split(separator: ",", omittingEmptySubsequences: false).map { known[$0] }
        guard conditions.allSatisfy({ $0 != nil }) else {
            throw ValidationError("it is never, or some of success,failure,delay, and not '\(text)'")
        }
        return NotifyConditions(conditions.compactMap(\.self))
    }

    private static func part(_ text: String) throws -> EnvelopeOptions.Return {
        switch text {
        case "full": return .full
        case "headers", "hdrs": return .headers
        default: throw ValidationError("it is full or headers, and not '\(text)'")
        }
    }

    /// RFC 3461 §4.4: printable US-ASCII.
    private static func id(_ text: String) throws -> String {
        guard (1...100).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ValidationError("it has 1 to 100 printable ASCII characters")
        }
        return text
    }
}
