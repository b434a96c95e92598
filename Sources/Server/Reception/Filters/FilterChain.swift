import MailCore
import MilterClient
import QueueCore
import SMTPCore

/// The filters of one session, in the order of the configuration.
struct FilterChain: Sendable {
    private let dialogues: [FilterDialogue]
    private let hostname: String

    /// - Returns: nil where no filter sees the sessions of a listener.
    init?(
        _ settings: ReceptionSettings, listener: String, connector: MilterConnector?,
        report: @escaping @Sendable (ReceptionEvent.Kind) -> Void
    ) {
        let filters = settings.filters.filter { $0.listeners.isEmpty || $0.listeners.contains(listener) }
        guard let connector, !filters.isEmpty else { return nil }
        hostname = settings.hostname
        dialogues = filters.map {
            FilterDialogue($0, connector: connector, largestBody: settings.largestMessage, report: report)
        }
    }

    /// What the filters make of a step to which the session would have said `usual`: the first refusal stands.
    func verdict(on step: FilterEvent, usual: SMTPServerVerdict) async -> SMTPServerVerdict {
        for dialogue in dialogues {
            let verdict = await dialogue.review(step)
            if verdict != .proceed { return verdict.verdict(for: step, usual: usual, hostname: hostname) }
        }
        return usual
    }

    /// Shows a whole message to one filter after the other, each with the changes of those before it.
    ///
    /// - Returns: what came of it; who throws it away, if somebody does.
    func review(
        _ message: FilteredMessage, _ facts: FilterFacts, sink: any MessageSink
    ) async -> (verdict: FilterVerdict, message: FilteredMessage, discardedBy: String?) {
        var message = message
        for dialogue in dialogues where await dialogue.discards {
            return (.proceed, message, dialogue.settings.name)
        }
        for dialogue in dialogues {
            let (verdict, changed) = await dialogue.review(message, facts, sink: sink)
            message = changed
            if verdict != .proceed { return (verdict, message, nil) }
            if await dialogue.discards { return (.proceed, message, dialogue.settings.name) }
        }
        return (.proceed, message, nil)
    }

    /// The session is over.
    func end() {
        Task { for dialogue in dialogues { await dialogue.end() } }
    }
}
