import MailCore
import MilterCore
import SMTPCore

/// What filters make of a step.
enum FilterVerdict: Hashable, Sendable {
    case proceed
    case refuse(SMTPReply)
}

extension FilterVerdict {
    /// What a session answers where it would have said `usual`.
    func verdict(for event: FilterEvent, usual: SMTPServerVerdict, hostname: String) -> SMTPServerVerdict {
        guard case .refuse(let reply) = self else { return usual }
        // A refused connection hears 554 or 421, whatever the filter says (RFC 5321 §3.1, §3.8).
        if case .connect = event.event {
            if reply.severity == .permanentNegative {
                return .refuse(SMTPReply(554, reply.status, lines: reply.lines))
            }
            return .refuseAndClose(SMTPReply(421, lines: ["\(hostname) \(reply.lines[0])"]))
        }
        return reply.code == 421 ? .refuseAndClose(reply) : .refuse(reply)
    }
}

extension FilterSettings.Absence {
    /// What is said while the filter is away.
    var verdict: FilterVerdict {
        switch self {
        case .accept: .proceed
        case .tempfail:
            .refuse(
                SMTPReply(
                    451, .init(.persistentTransientFailure, 7, 1), "A filter does not answer now; try again later"))
        case .reject:
            .refuse(
                SMTPReply(550, .init(.permanentFailure, 7, 1), "A filter does not answer, and nothing goes without it"))
        }
    }
}
