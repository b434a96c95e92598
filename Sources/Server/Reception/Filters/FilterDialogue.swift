import MailCore
import MilterClient
import MilterCore
import QueueCore
import SMTPCore

/// One filter's part in one session. Whoever asks waits for the answer before asking again.
actor FilterDialogue {
    private enum Standing { case listening, contented, failed, over }

    let settings: FilterSettings
    private let connector: MilterConnector
    private let largestBody: UInt64
    private let report: @Sendable (ReceptionEvent.Kind) -> Void
    private var connection: MilterConnection?
    /// For the session.
    private var standing = Standing.listening
    /// Whether it has seen enough of the present message.
    private var isContented = false
    private var isInTransaction = false
    /// Whether the present message is to be thrown away.
    private(set) var discards = false

    init(
        _ settings: FilterSettings, connector: MilterConnector, largestBody: UInt64,
        report: @escaping @Sendable (ReceptionEvent.Kind) -> Void
    ) {
        self.settings = settings
        self.connector = connector
        self.largestBody = largestBody
        self.report = report
    }

    /// Tells the filter of a step. A filter that is away has its say from MAIL on.
    func review(_ step: FilterEvent) async -> FilterVerdict {
        do throws(MilterFailure) {
            try await prepare(for: step.event)
            return try await verdict(on: step)
        } catch {
            fail(error, step.facts.queueID)
            return step.event.isOfMessage ? silence : .proceed
        }
    }

    private func prepare(for event: MilterEvent) async throws(MilterFailure) {
        switch event {
        case .connect:
            disconnect()
            standing = .listening
            connection = try await connector.connect(
                to: settings.address, patience: settings.patience, largestBody: largestBody)
        case .hello: endTransaction()
        case .mail:
            endTransaction()
            isInTransaction = true
        default: break
        }
    }

    /// What is said where the filter says nothing. What was still looked at when the peer went is not taken: it has not
    /// heard 250, and must not get round the filter by going.
    private var silence: FilterVerdict {
        standing == .over ? FilterSettings.Absence.tempfail.verdict : settings.absence.verdict
    }

    /// A transaction that came to no end is over when the next thing happens.
    private func endTransaction() {
        if isInTransaction { connection?.abort() }
        (isInTransaction, isContented, discards) = (false, false, false)
    }

    private func verdict(on step: FilterEvent) async throws(MilterFailure) -> FilterVerdict {
        guard let connection else { return step.event.isOfMessage ? silence : .proceed }
        if standing == .contented || isContented || discards { return .proceed }
        guard case .verdict(let verdict) = try await connection.ask(step.event, macros: step.facts.macros) else {
            throw .malformed("a change before the end of the message")
        }
        return take(verdict, of: step)
    }

    private func take(_ verdict: MilterVerdict, of step: FilterEvent) -> FilterVerdict {
        switch verdict {
        case .proceed, .skip: return .proceed
        case .accept where !step.event.isOfMessage: standing = .contented
        case .accept: isContented = true
        case .discard: discards = step.event.isOfMessage
        case .refuse(let reply):
            report(.filtered(step.facts.queueID, by: settings.name, "refuses: \(reply)"))
            return .refuse(reply)
        }
        return .proceed
    }

    private func fail(_ failure: MilterFailure, _ id: QueueID?) {
        guard standing != .failed, standing != .over else { return }
        standing = .failed
        disconnect()
        report(.filterFailed(id, settings.name, failure, settings.absence))
    }

    /// The session is over.
    func end() {
        standing = .over
        disconnect()
    }

    private func disconnect() {
        connection?.quit()
        connection = nil
    }
}

/// The message itself.
extension FilterDialogue {
    /// Shows a message to the filter.
    ///
    /// - Parameter sink: where a new body goes.
    /// - Returns: the message with what the filter changed.
    func review(
        _ message: FilteredMessage, _ facts: FilterFacts, sink: any MessageSink
    ) async -> (FilterVerdict, FilteredMessage) {
        guard let connection else { return (silence, message) }
        defer { isInTransaction = false }
        if standing == .contented || isContented { return (.proceed, message) }
        var review = MessageReview(message: message, connection: connection, sink: sink, macros: facts.macros)
        do {
            let verdict = try await review.run()
            let step = FilterEvent(event: .endOfMessage, facts: facts)
            if !review.changes.isEmpty {
                report(.filtered(facts.queueID, by: settings.name, review.changes.joined(separator: ", ")))
            }
            return (take(verdict, of: step), review.message)
        } catch let failure as MilterFailure {
            fail(failure, facts.queueID)
            return (silence, message)
        } catch {
            // The filter has not been heard out, and cannot be asked again.
            standing = .failed
            disconnect()
            return (.refuse((error as? SinkError)?.reply ?? .cannotStore), message)
        }
    }
}

extension MilterEvent {
    /// Whether it belongs to a message, and not to the session before it.
    fileprivate var isOfMessage: Bool {
        switch self {
        case .connect, .hello: false
        default: true
        }
    }
}
