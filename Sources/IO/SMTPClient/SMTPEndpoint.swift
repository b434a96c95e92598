/// A server as a pool knows it: connections to equal endpoints are the same to who sends.
public struct SMTPEndpoint: Hashable, Sendable {
    /// Where the server is.
    public let url: SMTPURL
    /// The server's name for outcomes; nil for the host of `url`.
    public let remoteHost: String?

    /// - Parameters:
    ///   - url: where the server is.
    ///   - remoteHost: its name for outcomes; nil for the host of `url`.
    public init(_ url: SMTPURL, remoteHost: String? = nil) {
        self.url = url
        self.remoteHost = remoteHost
    }
}
