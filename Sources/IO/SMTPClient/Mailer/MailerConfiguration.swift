public import MailCore

/// Where and how a `Mailer` sends.
public struct MailerConfiguration: Sendable {
    /// The server that takes the mail.
    public var server: SMTPURL
    /// How safe the way to the server must be. With `smtps://` it is encrypted from the first octet, and `.off` and `.may`
    /// mean `.verify`.
    public var tls: TLSPolicy
    /// Who logs in; nil to send without.
    public var credentials: SMTPCredentials?
    /// How long one message may take in all: waiting for a connection, the dialogue, and further attempts.
    public var timeout: Duration
    /// What is tried again, and how often.
    public var retry: MailerRetry
    /// The most octets of one message, as it travels.
    public var largestMessage: Int
    /// How many connections there may be, and how long they live.
    public var limits: SMTPPoolLimits
    /// What EHLO says of this host, how long connecting may take, and who is told the dialogue.
    public var client: SMTPClientConfiguration

    /// - Parameters:
    ///   - localName: what EHLO says of this host; nil for its own name, or its loopback address where it has none in DNS.
    ///   - transcript: told each line of the dialogue, in order. The message itself is summed up in one line.
    public init(
        server: SMTPURL, tls: TLSPolicy = .may, credentials: SMTPCredentials? = nil,
        timeout: Duration = .seconds(60), retry: MailerRetry = .once, largestMessage: Int = 64 << 20,
        limits: SMTPPoolLimits = .init(), localName: MailHost? = nil,
        transcript: (@Sendable (TranscriptLine) -> Void)? = nil
    ) {
        self.server = server
        self.tls = tls
        self.credentials = credentials
        self.timeout = timeout
        self.retry = retry
        self.largestMessage = largestMessage
        self.limits = limits
        client = SMTPClientConfiguration(localName: localName ?? .thisMachine, transcript: transcript)
    }

    /// - Parameters:
    ///   - url: `smtp://host:port` or one of the other forms of `SMTPURL`.
    ///   - password: that of the user whom the URL names.
    /// - Throws: `SMTPURLError` naming what is wrong with it, or that one of user and password is missing.
    public init(url: String, password: String? = nil) throws(SMTPURLError) {
        let server = try SMTPURL(url)
        guard (server.user == nil) == (password == nil) else {
            throw SMTPURLError(
                server.user == nil
                    ? "there is a password, but the URL names no user: smtp://user@host"
                    : "the URL names a user, so there must be a password")
        }
        self.init(server: server)
        if let user = server.user, let password { credentials = .password(user: user, password: password) }
    }
}
