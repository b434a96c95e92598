import MailCore
import NIOCore
import QueueCore
import SMTPCore

/// The end of a message that filters see before it is made durable.
struct FilteredCommit: Sendable {
    /// Without content yet.
    let commit: MessageCommit
    /// What came.
    let content: any IncomingMessage
    let filters: FilterChain
    let facts: FilterFacts
    let sink: any MessageSink

    func run() {
        Task {
            do throws(SinkError) {
                try await filter()
            } catch {
                commit.message.discard()
                commit.answer(error.verdict(hostname: commit.hostname))
                commit.report(.notStored(commit.message.queueID, error))
            }
            content.discard()
        }
    }

    private func filter() async throws(SinkError) {
        let came = try await FilteredMessage(commit.envelope, in: content)
        let (verdict, message, discardedBy) = await filters.review(came, facts, sink: sink)
        if case .refuse(let reply) = verdict {
            commit.message.discard()
            return commit.answer(reply.code == 421 ? .refuseAndClose(reply) : .refuse(reply))
        }
        guard discardedBy == nil, !message.envelope.recipients.isEmpty else {
            commit.message.discard()
            let text = discardedBy == nil ? "leaves no recipient" : "discards"
            commit.report(.filtered(commit.message.queueID, by: discardedBy ?? "all", text))
            return commit.answer(.accept(.queued(commit.message.queueID)))
        }
        try await message.write(to: commit.message)
        var commit = commit
        commit.envelope = message.envelope
        commit.run()
    }
}
