public import MailCore

/// Answers questions with libunbound, which validates, follows aliases and keeps what it hears for as long as it may.
public final class UnboundResolver: Sendable {
    private let context: UnboundContext
    private let maximumAliases: Int

    /// - Throws: `ResolverError` if libunbound does not take the settings, such as a trust anchor that is not there.
    public init(_ settings: ResolverSettings = ResolverSettings()) throws(ResolverError) {
        maximumAliases = settings.aliases
        context = try UnboundContext(settings)
    }

    deinit {
        context.close()
    }

    /// The answer, or the trouble with getting one; within the timeout of the settings, at once where the task is
    /// cancelled.
    public func answer(to question: DNSQuestion) async -> DNSAnswer {
        // The context must outlive its questions.
        defer { withExtendedLifetime(self) {} }
        let pending = PendingAnswer(question, maximumAliases: maximumAliases)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pending.wait(continuation)
                context.ask(pending)
            }
        } onCancel: {
            context.abandon(pending, with: .trouble(.resolver("the look-up was cancelled")))
        }
    }

    /// The answers to several questions, asked at once, in their order.
    public func answers(to questions: [DNSQuestion]) async -> [DNSAnswer] {
        await withTaskGroup(of: (Int, DNSAnswer).self) { group in
            for (index, question) in questions.enumerated() {
                group.addTask { (index, await self.answer(to: question)) }
            }
            var answers = [DNSAnswer](repeating: .trouble(.timeout), count: questions.count)
            for await (index, answer) in group { answers[index] = answer }
            return answers
        }
    }
}
