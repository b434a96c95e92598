import MailCore

/// The status that a reply bears at least, where the server gives none: what its code says (RFC 5321 §4.2.3), and where in
/// the dialogue it came, by the registry of RFC 5248.
extension SMTPReply {
    func presumedStatus(_ class: EnhancedStatusCode.Class, at stage: SMTPStage) -> EnhancedStatusCode {
        let (subject, detail) = detail(at: stage) ?? Self.detail(of: stage)
        return EnhancedStatusCode(`class`, subject, detail)
    }

    /// nil where the code says no more than that it is a refusal.
    private func detail(at stage: SMTPStage) -> (subject: Int, detail: Int)? {
        switch code {
        case 421, 521: (3, 2)
        case 554 where stage == .greeting: (3, 2)
        case 554 where stage == .rcpt: (0, 0)
        case 450 where stage == .rcpt: (2, 0)
        case 451: (3, 0)
        case 452: (3, 1)
        case 455, 501, 504, 555: (5, 4)
        case 500, 502, 503: (5, 1)
        case 534: (7, 9)
        case 535: (7, 8)
        case 454, 530, 538: (7, 0)
        case 551: (1, 6)
        case 552: stage == .rcpt ? (2, 2) : (3, 4)
        case 553: stage == .mail ? (1, 7) : (1, 3)
        case 556: (1, 10)
        default: nil
        }
    }

    /// What was refused.
    private static func detail(of stage: SMTPStage) -> (subject: Int, detail: Int) {
        switch stage {
        case .connect, .greeting, .idle: (3, 2)
        case .startTLS, .auth: (7, 0)
        case .mail: (0, 0)
        case .rcpt: (1, 0)
        case .data, .content, .endOfData: (6, 0)
        case .hello, .reset, .quit, .request: (5, 0)
        }
    }
}
