public import MailCore
public import MailMIME

/// Sends mail.
///
///     let mailer = Mailer(try MailerConfiguration(url: "smtp://localhost:1025"))
///     let receipt = try await mailer.send(
///         MailMessage(from: "Shop <shop@example.com>", to: ["ann@example.org"], subject: "Grüße", text: "Hello"))
///
/// Many tasks may send at once. A mailer that is no longer used is shut down, by `shutDown()`, by ending `run()`, or by
/// leaving `withMailer`.
public struct Mailer: Sendable {
    /// The way on which mail leaves.
    public let transport: any MailTransport
    let timeout: Duration
    let retry: MailerRetry
    let largestMessage: Int

    /// A mailer that hands mail to a server. It connects when there is something to send.
    public init(_ configuration: MailerConfiguration) {
        self.init(
            transport: SMTPTransport(configuration), timeout: configuration.timeout, retry: configuration.retry,
            largestMessage: configuration.largestMessage)
    }

    /// A mailer on a way of one's own, such as `MemoryTransport` in tests.
    public init(
        transport: any MailTransport, timeout: Duration = .seconds(60), retry: MailerRetry = .once,
        largestMessage: Int = 64 << 20
    ) {
        self.transport = transport
        self.timeout = timeout
        self.retry = retry
        self.largestMessage = largestMessage
    }

    /// Composes a message and hands it over.
    ///
    /// - Parameters:
    ///   - envelope: who gets it, if other than the header says: `Envelope(for:)`, changed.
    ///   - timeout: how long it may take in all; nil for what the mailer was made with.
    /// - Returns: what became of each recipient; at least one was accepted.
    /// - Throws: `SMTPError` if none was, or `CancellationError`: then the server may or may not have the message.
    @discardableResult
    public func send(
        _ message: MailMessage, envelope: Envelope? = nil, timeout: Duration? = nil
    ) async throws -> MailReceipt {
        let deadline = ContinuousClock.now + (timeout ?? self.timeout)
        let content = try await MessageComposition.content(of: message, limit: largestMessage)
        let submission = MailSubmission(
            envelope: envelope ?? Envelope(for: message), content: content, message: message)
        return try await deliver(submission, deadline: deadline)
    }

    /// Hands over a message that was composed elsewhere.
    ///
    /// - Parameters:
    ///   - content: header and body. Line ends of any kind become CRLF.
    ///   - timeout: how long it may take in all; nil for what the mailer was made with.
    /// - Returns: what became of each recipient; at least one was accepted.
    /// - Throws: `SMTPError` if none was, or `CancellationError`: then the server may or may not have the message.
    @discardableResult
    public func send(
        _ content: [UInt8], envelope: Envelope, timeout: Duration? = nil
    ) async throws -> MailReceipt {
        let deadline = ContinuousClock.now + (timeout ?? self.timeout)
        try MessageComposition.checkSize(content.count, limit: largestMessage)
        var envelope = envelope
        envelope.declare(content)
        return try await deliver(MailSubmission(envelope: envelope, content: content), deadline: deadline)
    }

    /// Brings what is being sent to its end, and closes the connections. Nothing is sent any more.
    public func shutDown() async { await transport.close() }

    private func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        guard !submission.envelope.recipients.isEmpty else {
            throw SMTPError.noRecipient
        }
        var pause = retry.pause
        for _ in 1..<max(1, retry.attempts) {
            do {
                return try await transport.deliver(submission, deadline: deadline)
            } catch let error as SMTPError where error.isRepeatable {
                guard ContinuousClock.now + pause < deadline else { throw error }
            }
            try await Task.sleep(for: pause)
            pause *= 2
        }
        return try await transport.deliver(submission, deadline: deadline)
    }
}

extension SMTPError {
    static let noRecipient = SMTPError(unsent: "the message has no recipient", hint: "Name one in to, cc or bcc.")
}
