public import MailCore

/// Shows messages at the terminals of users who are logged in (RFC 821 §3.4). Its calls block for a moment.
public struct TerminalAgent: Sendable {
    /// Terminals of one user that are looked at.
    private static let mostTerminals = 20

    private let records: any LoginRecords
    private let patience: Duration

    /// - Parameters:
    ///   - records: who is logged in where.
    ///   - patience: how long the terminals of a user together may take to accept a message.
    public init(records: any LoginRecords = SystemLoginRecords(), patience: Duration = .milliseconds(500)) {
        self.records = records
        self.patience = patience
    }

    /// Whether a user is at a terminal that takes messages.
    public func isThere(_ user: String) -> Bool { terminals(of: user).contains(where: \.takesMessages) }

    /// Writes a message to every terminal of a user that takes messages.
    ///
    /// - Returns: whether one of them took all of it.
    public func show(_ message: TerminalMessage, to user: String) -> Bool {
        // Terminals may be in raw mode, where a line feed alone goes straight down.
        let octets = Array(("\r\n" + message.lines.joined(separator: "\r\n") + "\r\n").utf8)
        let end = ContinuousClock.now + patience
        var isShown = false
        for terminal in terminals(of: user) where terminal.write(octets, until: end) { isShown = true }
        return isShown
    }

    private func terminals(of user: String) -> [Terminal] {
        records.terminals(of: user).prefix(Self.mostTerminals).map(Terminal.init)
    }
}
