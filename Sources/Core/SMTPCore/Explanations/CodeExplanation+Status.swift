public import MailCore

extension CodeExplanation {
    /// What an enhanced status code means (RFC 3463, and the registry of RFC 5248).
    public init(_ status: EnhancedStatusCode) {
        if let row = StatusCodeTable.rows.first(where: { $0.subject == status.subject && $0.detail == status.detail }) {
            self.init(
                code: "\(status)", title: row.title, meaning: row.meaning, causes: row.causes(status.class),
                party: Self.party(status.class, row.party), source: row.source, isRegistered: true)
        } else {
            self.init(
                code: "\(status)", title: Self.subject(status.subject),
                meaning:
                    "The registry has no such code; its first two numbers say what became of the message, and what "
                    + "the reason is about.", causes: nil, party: Self.party(status.class, .sendingSide),
                source: "RFC 3463 §2", isRegistered: false)
        }
    }

    /// What was taken is no trouble, and what is only deferred is tried again by itself.
    private static func party(_ class: EnhancedStatusCode.Class, _ party: Party) -> Party {
        `class` == .permanentFailure ? party : .nobody
    }

    /// The last subject that the registry names.
    static let lastSubject = 7

    private static func subject(_ number: Int) -> String {
        switch number {
        case 0: "Other or undefined status"
        case 1: "Addressing status"
        case 2: "Mailbox status"
        case 3: "Mail system status"
        case 4: "Network and routing status"
        case 5: "Mail delivery protocol status"
        case 6: "Message content or media status"
        case 7: "Security or policy status"
        default: "A status of no registered subject"
        }
    }
}
