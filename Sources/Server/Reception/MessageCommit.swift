import MailCore
import NIOCore
import QueueCore
import SMTPCore

/// The end of one message: it is shown, made durable, or both, and its sender is told.
struct MessageCommit: Sendable {
    let message: any IncomingMessage
    var envelope: Envelope
    let prefix: ByteBuffer
    let octets: UInt64
    let hostname: String
    let tls: TLSSession?
    let answer: @Sendable (SMTPServerVerdict) -> Void
    let report: @Sendable (ReceptionEvent.Kind) -> Void

    /// Makes the message durable; then, and only then, its sender hears 250.
    func run() {
        let (id, hostname, answer, report) = (message.queueID, hostname, answer, report)
        let accepted = ReceptionEvent.Kind.accepted(
            id, from: envelope.reversePath, recipients: envelope.recipients.count, octets: octets, tls: tls)
        message.commit(envelope, prefix: prefix) { result in
            switch result {
            case .success:
                answer(.accept(.queued(id)))
                report(accepted)
            case .failure(let error):
                answer(error.verdict(hostname: hostname))
                report(.notStored(id, error))
            }
        }
    }

    /// Shows the message first and keeps it only for those who get it in their mailbox; with SAML that is everybody, and
    /// what the terminals do changes nothing.
    func run(_ verb: MailCommand.Verb, _ showing: TerminalShowing) {
        Task {
            let missed = await showing.run()
            report(.shown(from: envelope.reversePath, readers: showing.readers.count, missed: missed.count))
            var rest = self
            if verb == .soml { rest.envelope.recipients += missed.map(\.recipient) }
            if !rest.envelope.recipients.isEmpty { return rest.run() }
            message.discard()
            answer(missed.isEmpty ? .accept(.shown) : .refuse(.notShown))
        }
    }
}
