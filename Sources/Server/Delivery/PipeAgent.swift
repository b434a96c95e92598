import LocalMail
import MailCore
import NIOCore
public import NIOPosix
import QueueCore
import Synchronization

/// The delivery agent for programs: one run for each recipient.
public struct PipeAgent: DeliveryAgent {
    private let threads: NIOThreadPool
    private let timeLimit: Duration
    private let agent = ProgramAgent()

    /// - Parameters:
    ///   - threads: where programs are waited for; as many as may run at once.
    ///   - timeLimit: how long one may run.
    public init(threads: NIOThreadPool, timeLimit: Duration = .seconds(300)) {
        self.threads = threads
        self.timeLimit = timeLimit
    }

    /// - Precondition: the destination is a program.
    public func deliver(_ job: DeliveryJob) async -> AgentReport {
        guard case .program(let path, let arguments) = job.destination else {
            preconditionFailure("only a program is run")
        }
        var outcomes: [Outcome] = []
        for recipient in job.recipients {
            let program: @Sendable () -> ProgramDelivery = { [timeLimit, message = job.message] in
                ProgramDelivery(
                    path: path, arguments: arguments, environment: environment(message, recipient),
                    content: content(message, recipient), plan: message.linesPlan, timeLimit: timeLimit)
            }
            outcomes.append(await run(program))
        }
        return AgentReport(outcomes: outcomes)
    }

    private func run(_ delivery: @escaping @Sendable () -> ProgramDelivery) async -> Outcome {
        let flag = CancellationFlag()
        let agent = agent
        let outcome = await withTaskCancellationHandler {
            try? await threads.runIfActive { agent.deliver(delivery(), isCancelled: { flag.isSet }) }
        } onCancel: {
            flag.set()
        }
        return outcome
            ?? Outcome(
                .deferred, status: .init(.persistentTransientFailure, 3, 2), diagnostic: "The attempt was stopped here")
    }

    private func environment(_ message: QueuedMessage, _ recipient: QueuedRecipient) -> [String] {
        let address = recipient.recipient.address
        let sender = (recipient.reversePath ?? message.reversePath).mailbox.map { "\($0)" } ?? ""
        return [
            "PATH=/usr/local/bin:/usr/bin:/bin", "SENDER=\(sender)", "RECIPIENT=\(address)",
            "LOCAL=\(address.localPart)", "DOMAIN=\(address.host)", "QUEUE_ID=\(message.id)",
        ]
    }

    /// The message with the two fields that its last hop adds (RFC 5321 §4.4).
    private func content(_ message: QueuedMessage, _ recipient: QueuedRecipient) -> MessageContent {
        var prefix = ByteBuffer(
            string: "Return-Path: \(recipient.reversePath ?? message.reversePath)\r\n"
                + "Delivered-To: \(recipient.recipient.address)\r\n")
        prefix.writeImmutableBuffer(message.content.prefix)
        return MessageContent(prefix: prefix, body: message.content.body)
    }
}

/// Whether a task was cancelled, for a thread to look at.
private final class CancellationFlag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}
