import CUnbound
import Dispatch
import MailCore

/// libunbound's context, which resolves on a thread of its own. All calls to it are made on one queue.
final class UnboundContext: @unchecked Sendable {
    private let context: OpaquePointer
    private let queue = DispatchQueue(label: "martlet.dns")
    private let answers: any DispatchSourceRead
    private let timeout: DispatchTimeInterval

    init(_ settings: ResolverSettings) throws(ResolverError) {
        guard let context = ub_ctx_create() else { throw ResolverError("libunbound cannot be started") }
        self.context = context
        timeout = .milliseconds(
            Int(settings.timeout.components.seconds) * 1_000
                + Int(settings.timeout.components.attoseconds / 1_000_000_000_000_000))
        do throws(ResolverError) {
            try ContextSetup(context: context).apply(settings)
        } catch {
            ub_ctx_delete(context)
            throw error
        }
        answers = DispatchSource.makeReadSource(fileDescriptor: ub_fd(context), queue: queue)
        answers.setEventHandler { [weak self] in self?.takeAnswers() }
        answers.activate()
    }

    /// Ends libunbound's thread. To be called once, when no question is pending.
    func close() {
        // Holds the context until the source has let go of it.
        answers.setCancelHandler { ub_ctx_delete(self.context) }
        answers.cancel()
    }

    func ask(_ pending: PendingAnswer) {
        queue.async { self.start(pending) }
    }

    /// Ends the wait for an answer.
    func abandon(_ pending: PendingAnswer, with answer: DNSAnswer) {
        pending.give(answer)
        queue.async { self.cancel(pending) }
    }
}

// On the queue.
extension UnboundContext {
    private func takeAnswers() {
        ub_process(context)
    }

    private func start(_ pending: PendingAnswer) {
        guard !pending.isOver else { return }
        let reference = Unmanaged.passRetained(pending)
        var identifier: Int32 = 0
        let code = ub_resolve_async(
            context, pending.question.name, Int32(pending.question.type.rawValue), Self.internet, reference.toOpaque(),
            { reference, code, result in
                guard let reference else { return }
                let pending = Unmanaged<PendingAnswer>.fromOpaque(reference).takeRetainedValue()
                pending.identifier = nil
                pending.give(DNSAnswer(to: pending.question, code, result, maximumAliases: pending.maximumAliases))
                ub_resolve_free(result)
            }, &identifier)
        guard code == 0 else {
            reference.release()
            return pending.give(.trouble(.unboundError(code)))
        }
        pending.identifier = identifier
        queue.asyncAfter(deadline: .now() + timeout) { [weak pending] in
            guard let pending, pending.identifier != nil else { return }
            pending.give(.trouble(.timeout))
            self.cancel(pending)
        }
    }

    private func cancel(_ pending: PendingAnswer) {
        guard let identifier = pending.identifier else { return }
        pending.identifier = nil
        // A question that libunbound still knows is one whose callback will never be called now.
        if ub_cancel(context, identifier) == 0 { Unmanaged.passUnretained(pending).release() }
    }

    /// Class IN.
    private static let internet: Int32 = 1
}
