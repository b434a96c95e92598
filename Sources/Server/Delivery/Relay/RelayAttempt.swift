import LocalMail
import MailCore
import MailMIME
import SMTPClient
import SMTPCore

/// One attempt to hand a message on: host by host, until every recipient has an outcome.
struct RelayAttempt {
    private let envelope: Envelope
    private let content: RelayContent
    private let endpoints: [SMTPEndpoint]
    private let pool: SMTPConnectionPool
    private let connections: Int
    private let isLMTP: Bool
    /// The last outcome of each recipient.
    private var outcomes: [Outcome?]
    /// Whose outcomes stand.
    private var isSettled: [Bool]
    private var condition = AgentReport.Condition.reachable

    /// - Parameters:
    ///   - endpoints: at least one.
    ///   - connections: how many there may be to one of them now.
    init(
        _ envelope: Envelope, _ content: RelayContent, endpoints: [SMTPEndpoint], pool: SMTPConnectionPool,
        connections: Int
    ) {
        self.envelope = envelope
        self.content = content
        self.endpoints = endpoints
        self.pool = pool
        self.connections = connections
        isLMTP = endpoints.first?.url.isLMTP == true
        outcomes = Array(repeating: nil, count: envelope.recipients.count)
        isSettled = Array(repeating: false, count: envelope.recipients.count)
    }

    mutating func run() async -> AgentReport {
        for (index, endpoint) in endpoints.enumerated() {
            let hasOtherHosts = index + 1 < endpoints.count
            while !pending.isEmpty, await transact(with: endpoint, hasOtherHosts: hasOtherHosts) {}
        }
        return AgentReport(outcomes: outcomes.map { $0 ?? .interrupted }, condition: condition)
    }

    /// The recipients that are still to be tried, by their place in the envelope.
    private var pending: [Int] { isSettled.indices.filter { !isSettled[$0] } }

    /// Sends the message to as many of the pending as the server takes at once.
    ///
    /// - Returns: whether the rest may be sent to the same server.
    private mutating func transact(with endpoint: SMTPEndpoint, hasOtherHosts: Bool) async -> Bool {
        let pending = pending
        let recipients = pending.map { envelope.recipients[$0] }
        do {
            let result = try await pool.deliver(
                to: endpoint, connections: connections, mayFollow: content.isInMemory
            ) { [content, envelope] extensions in
                let form = try await content.form(for: extensions)
                var part = envelope
                part.recipients = recipients
                part.options.body = form.body
                return (part, form.content)
            }
            return take(result, for: pending[...], hasOtherHosts: hasOtherHosts)
        } catch let error as SMTPError {
            let cause = error.reply.map(FailureScope.Cause.init) ?? .silence
            let scope = scope(cause, at: error.stage, hasOtherHosts)
            for index in pending { settle(index, Outcome(error, remoteHost: endpoint.remoteHost), scope) }
        } catch let obstacle as DowngradeObstacle {
            // Another host may carry more.
            for index in pending { settle(index, Outcome(obstacle, remoteHost: endpoint.remoteHost), .host) }
        } catch let error as SystemError {
            for index in pending { settle(index, .unreadable(error), .message) }
        } catch {
            for index in pending { settle(index, .interrupted, .message) }
        }
        return false
    }

    private mutating func take(
        _ result: TransactionResult, for pending: ArraySlice<Int>, hasOtherHosts: Bool
    ) -> Bool {
        var mayGoOn = true
        // Each further transaction brings one recipient on at least, and so there is a last one.
        let tookSome = result.outcomes.contains { $0.action == .delivered }
        for (position, outcome) in result.outcomes.enumerated() {
            let scope = scope(of: outcome, stage: result.stages[position], result.failure, hasOtherHosts)
            if tookSome, result.stages[position] == .rcpt, outcome.asksForAnotherTransaction {
                outcomes[pending[position]] = outcome
                continue
            }
            settle(pending[position], outcome, scope)
            if scope != .recipient { mayGoOn = false }
            // What was wrong with the message is wrong with it for those that were not tried.
            guard scope == .message else { continue }
            for index in pending.dropFirst(result.outcomes.count) { settle(index, outcome, scope) }
        }
        return mayGoOn
    }

    private func scope(
        of outcome: Outcome, stage: SMTPStage?, _ failure: SessionFailure?, _ hasOtherHosts: Bool
    ) -> FailureScope {
        if outcome.action == .delivered { return .recipient }
        let refusal = outcome.action == .failed ? FailureScope.Cause.permanentRefusal : .temporaryRefusal
        let cause = stage == nil ? failure.map { FailureScope.Cause($0.reason) } : refusal
        return self.scope(cause ?? .silence, at: stage ?? failure?.stage ?? .endOfData, hasOtherHosts)
    }

    private func scope(_ cause: FailureScope.Cause, at stage: SMTPStage, _ hasOtherHosts: Bool) -> FailureScope {
        // What one message demands of TLS (RFC 8689) says nothing of the host's standing with others.
        if stage == .startTLS, envelope.options.requireTLS { return .host }
        return FailureScope(cause, at: stage, hasOtherHosts: hasOtherHosts, isLMTP: isLMTP)
    }

    private mutating func settle(_ index: Int, _ outcome: Outcome, _ scope: FailureScope) {
        switch scope {
        case .recipient, .message:
            outcomes[index] = outcome
            isSettled[index] = true
        case .host, .site:
            if scope == .site { condition = .unreachable }
            // One host that may take it later outweighs another that never will.
            if outcome.action == .failed, outcomes[index]?.action == .deferred { return }
            outcomes[index] = outcome
        }
    }
}

extension Outcome {
    /// No session came about.
    fileprivate init(_ error: SMTPError, remoteHost: String?) {
        if let reply = error.reply {
            self.init(reply, stage: error.stage, remoteHost: remoteHost)
        } else {
            let (subject, detail) =
                switch error.stage {
                case .startTLS: (7, 5)
                case .auth: (7, 8)
                case .connect: (4, 1)
                default: (4, 2)
                }
            let status = EnhancedStatusCode(.persistentTransientFailure, subject, detail)
            self.init(.deferred, status: status, diagnostic: error.description, remoteHost: remoteHost)
        }
    }

    /// Whether a reply to RCPT may mean that the transaction has enough recipients (RFC 5321 §4.5.3.1.10), and nothing
    /// about this address, its mailbox or its right to be written to.
    fileprivate var asksForAnotherTransaction: Bool {
        action == .deferred && (diagnostic.hasPrefix("452") || diagnostic.hasPrefix("552"))
            && ![1, 2, 7].contains(status.subject)
    }

    /// The message has no form that the server could take.
    init(_ obstacle: DowngradeObstacle, remoteHost: String? = nil) {
        let offer =
            switch obstacle.octets {
            case .longLine: "no server has to take such lines"
            case .eightBit: "the server offers no 8BITMIME"
            case .binary: "the server offers no BINARYMIME"
            }
        self.init(
            .failed, status: obstacle.status, diagnostic: "not sent: \(obstacle); \(offer)", remoteHost: remoteHost)
    }

    fileprivate static func unreadable(_ error: SystemError) -> Outcome {
        Outcome(
            .deferred, status: .init(.persistentTransientFailure, 3, 0),
            diagnostic: "the message cannot be read: \(error)")
    }

    fileprivate static let interrupted = Outcome(
        .deferred, status: .init(.persistentTransientFailure, 3, 2), diagnostic: "The attempt was stopped here")
}
