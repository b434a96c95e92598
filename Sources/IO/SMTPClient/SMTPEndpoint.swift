/// A server as a pool knows it: connections to equal endpoints are the same to who sends.
public struct SMTPEndpoint: Hashable, Sendable {
    public let url: SMTPURL
    /// The server's name for outcomes; nil for the host of `url`.
    public let remoteHost: String?

    public init(_ url: SMTPURL, remoteHost: String? = nil) {
        self.url = url
        self.remoteHost = remoteHost
    }
}
