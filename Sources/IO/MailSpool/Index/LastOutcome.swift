public import MailCore

/// What the last attempt at a recipient came to.
public struct LastOutcome: Hashable, Sendable {
    public var status: EnhancedStatusCode
    public var diagnostic: String
    public var remoteHost: String?
    /// When it was recorded.
    public var at: Timestamp

    /// The longest diagnostic that is kept, in octets.
    static let maximumDiagnosticLength = 2_000

    init(_ outcome: Outcome, at time: Timestamp) {
        self.init(
            status: outcome.status,
            diagnostic: outcome.diagnostic.utf8.count <= Self.maximumDiagnosticLength
                ? outcome.diagnostic
                : String(decoding: outcome.diagnostic.utf8.prefix(Self.maximumDiagnosticLength), as: UTF8.self),
            remoteHost: outcome.remoteHost, at: time)
    }

    init(status: EnhancedStatusCode, diagnostic: String, remoteHost: String?, at time: Timestamp) {
        self.status = status
        self.diagnostic = diagnostic
        self.remoteHost = remoteHost
        self.at = time
    }
}
