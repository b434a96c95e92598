public import MailCore

/// The way to the terminals of this machine, for SEND, SOML and SAML (RFC 821 §3.4).
public protocol TerminalMessenger: Sendable {
    /// Whether somebody reads messages as `user` now. It comes to an answer soon, by itself.
    func isThere(_ user: String) async -> Bool

    /// Shows a message on every terminal of a user that takes some.
    ///
    /// - Returns: whether one of them has taken all of it.
    func show(_ message: TerminalMessage, to user: String) async -> Bool
}
