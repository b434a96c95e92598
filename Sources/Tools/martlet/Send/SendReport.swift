import ArgumentParser
import MailCore
import MailMIME
import MailServer
import SMTPClient
import SMTPCore

/// Tells what happens while a message is sent, and what came of it: to people, or as JSON.
struct SendReport: Sendable {
    let isJSON: Bool
    let showsDialogue: Bool

    /// Whether nothing is written while the message is on its way.
    var isQuiet: Bool { !isJSON && !showsDialogue }

    /// Shows each line of the dialogue; nil where nobody wants to see it.
    var transcript: (@Sendable (TranscriptLine) -> Void)? {
        guard showsDialogue else { return nil }
        if isJSON { return { SendEvent($0).print() } }
        return { StandardOutput.print(DialogueView.text(of: $0)) }
    }

    /// Tells what became of each recipient.
    ///
    /// - Throws: the exit code, unless the message was taken for all of them.
    func finish(_ result: TransactionResult, _ message: OutgoingMessage) throws {
        let outcomes = Array(zip(message.envelope.recipients.map(\.address), result.outcomes))
        let refused = outcomes.filter { $1.action != .delivered }
        if isJSON {
            for (address, outcome) in outcomes { SendEvent(address, outcome).print() }
            SendEvent(result, message, isSent: refused.isEmpty).print()
        } else {
            tell(result, outcomes)
        }
        if let failure = result.failure { throw failing(SMTPError(failure)) }
        guard refused.isEmpty else {
            let isTransient = refused.allSatisfy { $1.action == .deferred }
            throw ExitCode((isTransient ? ExitStatus.tryAgain : .unavailable).rawValue)
        }
    }

    private func tell(_ result: TransactionResult, _ outcomes: [(EmailAddress, Outcome)]) {
        for (address, outcome) in outcomes where outcome.action != .delivered && result.failure == nil {
            StandardError.print("martlet: <\(address)>: \(outcome.status) \(outcome.diagnostic)".escapingControls)
        }
        let taken = outcomes.filter { $1.action == .delivered }
        if outcomes.count > 1 { for (address, _) in taken { StandardOutput.print("<\(address)>: accepted") } }
        if !showsDialogue, !taken.isEmpty, let reply = result.reply {
            StandardOutput.print("Sent: \(reply.description.escapingControls)")
        }
    }

    /// Says why nothing was sent, and gives the exit code.
    func failing(_ error: SMTPError) -> ExitCode {
        let status = error.concernsTLS ? ExitStatus.protocol : error.isTransient ? .tryAgain : .unavailable
        guard isJSON else {
            return status.failing("\(error)\(error.hint.map { " (\($0))" } ?? "")".escapingControls)
        }
        SendEvent(error).print()
        return ExitCode(status.rawValue)
    }
}
