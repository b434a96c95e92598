extension CodeExplanation {
    /// What a reply code means (RFC 5321 §4.2).
    ///
    /// - Returns: nil for what is no reply code: they are from 200 to 599, and their second digit is at most 5.
    public init?(reply code: Int) {
        guard (200...599).contains(code), code / 10 % 10 <= 5 else { return nil }
        if let row = ReplyCodeTable.rows.first(where: { $0.code == code }) {
            self.init(
                code: "\(code)", title: row.title, meaning: row.meaning, causes: row.causes, party: row.party,
                source: row.source, isRegistered: true)
        } else {
            self.init(
                code: "\(code)", title: "\(Self.severity(code)), \(Self.category(code))",
                meaning: "No standard defines this code; its first digit says what to do, its second what it is about.",
                causes: nil, party: Self.party(code), source: "RFC 5321 §4.2.1", isRegistered: false)
        }
    }

    private static func severity(_ code: Int) -> String {
        switch code / 100 {
        case 2: "done"
        case 3: "go on"
        case 4: "refused for now"
        default: "refused for good"
        }
    }

    private static func category(_ code: Int) -> String {
        switch code / 10 % 10 {
        case 0: "about syntax"
        case 1: "information"
        case 2: "about the connection"
        case 5: "about the mail system"
        default: "about nothing that the standard names"
        }
    }

    private static func party(_ code: Int) -> Party { code < 500 ? .nobody : .sendingSide }
}
