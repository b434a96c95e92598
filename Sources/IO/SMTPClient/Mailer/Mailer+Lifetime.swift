#if ServiceLifecycle
    public import ServiceLifecycle

    extension Mailer: Service {}
#endif

extension Mailer {
    /// Waits until the task is cancelled or, in a `ServiceGroup`, told to shut down gracefully, and shuts the mailer down.
    ///
    /// Sending does not wait for `run()`.
    public func run() async throws {
        #if ServiceLifecycle
            try? await gracefulShutdown()
        #else
            let (ending, continuation) = AsyncStream.makeStream(of: Never.self)
            for await _ in ending {}
            withExtendedLifetime(continuation) {}
        #endif
        // In a task of its own, so that servers hear QUIT though this one is cancelled.
        await Task { await shutDown() }.value
    }
}

/// Makes a mailer for what the closure does, and shuts it down.
///
///     try await withMailer(MailerConfiguration(url: "smtp://localhost:1025")) { mailer in
///         try await mailer.send(message)
///     }
///
/// - Throws: what the closure throws.
public func withMailer<Result>(
    _ configuration: MailerConfiguration, isolation: isolated (any Actor)? = #isolation,
    _ body: (Mailer) async throws -> Result
) async throws -> Result {
    try await withMailer(Mailer(configuration), isolation: isolation, body)
}

/// Makes a mailer for what the closure does, and shuts it down.
///
/// - Parameter url: the server, `smtp://host:port` or one of the other forms of `SMTPURL`.
/// - Throws: `SMTPURLError`, or what the closure throws.
public func withMailer<Result>(
    _ url: String, isolation: isolated (any Actor)? = #isolation, _ body: (Mailer) async throws -> Result
) async throws -> Result {
    try await withMailer(Mailer(MailerConfiguration(url: url)), isolation: isolation, body)
}

private func withMailer<Result>(
    _ mailer: Mailer, isolation: isolated (any Actor)?, _ body: (Mailer) async throws -> Result
) async throws -> Result {
    let result: Result
    do {
        result = try await body(mailer)
    } catch {
        await mailer.shutDown()
        throw error
    }
    await mailer.shutDown()
    return result
}
