/// A server as a pool knows it: connections to equal endpoints are the same to who sends.
public struct SMTPEndpoint: Hashable, Sendable {
    /// Where the server is.
    public let url: SMTPURL
    /// The server's name for outcomes; nil for the host of `url`.
    public let remoteHost: String?

    /// How safe the way there must be.
    public var tls: TLSPolicy
    /// Who logs in there; nil to send without.
    public var credentials: SMTPCredentials?

    /// - Parameters:
    ///   - url: where the server is.
    ///   - remoteHost: its name for outcomes; nil for the host of `url`.
    ///   - tls: how safe the way there must be.
    ///   - credentials: who logs in there.
    public init(
        _ url: SMTPURL, remoteHost: String? = nil, tls: TLSPolicy = .may, credentials: SMTPCredentials? = nil
    ) {
        self.credentials = credentials
        self.url = url
        self.remoteHost = remoteHost
        self.tls = tls
    }
}
