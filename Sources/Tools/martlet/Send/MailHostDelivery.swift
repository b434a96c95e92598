import Delivery
import MailCore
import QueueCore
import SMTPClient
import SMTPCore

/// Brings a message to the hosts that DNS names for the domains of its recipients, one domain after another.
struct MailHostDelivery: Sendable {
    let lookup: DNSHostLookup
    let port: Int

    func deliver(_ sender: MessageSender) async throws -> TransactionResult {
        let envelope = sender.message.envelope
        var results: [EmailAddress: (outcome: Outcome, stage: SMTPStage?)] = [:]
        var reply: SMTPReply?
        var hosts: [MailHost] = []
        for recipient in envelope.recipients where !hosts.contains(recipient.address.host) {
            let host = recipient.address.host
            hosts.append(host)
            var part = envelope
            part.recipients = envelope.recipients.filter { $0.address.host == host }
            let result = await deliver(sender, part, to: host)
            for (recipient, outcome) in zip(part.recipients, zip(result.outcomes, result.stages)) {
                results[recipient.address] = outcome
            }
            reply = result.reply ?? reply
        }
        let inOrder = envelope.recipients.compactMap { results[$0.address] }
        return TransactionResult(outcomes: inOrder.map(\.outcome), stages: inOrder.map(\.stage), reply: reply)
    }

    private func deliver(_ sender: MessageSender, _ envelope: Envelope, to host: MailHost) async -> TransactionResult {
        let answer: MailHostAnswer
        switch host {
        case .domain(let domain): answer = await lookup.hosts(for: domain)
        case .address(let address): answer = .hosts([MailHostCandidate(name: "\(address)", addresses: [address])])
        case .general: answer = .none("an address of a kind that nobody knows how to reach")
        }
        let outcome: Outcome
        switch answer {
        case .hosts(let candidates): return await deliver(sender, envelope, to: candidates)
        case .nullMX: outcome = .failed(1, 10, "\(host) takes no mail")
        case .none(let reason): outcome = .failed(1, 2, reason)
        case .ourselves: outcome = .failed(4, 6, "mail for \(host) is taken by this machine, whose server does not run")
        case .later(let reason): outcome = .deferred(4, 3, reason)
        }
        return TransactionResult(outcome, for: envelope)
    }

    /// The first host that a session comes about with gets the message.
    private func deliver(
        _ sender: MessageSender, _ envelope: Envelope, to candidates: [MailHostCandidate]
    ) async -> TransactionResult {
        var reason = "no host has an address"
        for candidate in candidates {
            for address in candidate.addresses {
                do {
                    return try await sender.send(to: SMTPURL(.host("\(address)", port: port)), envelope)
                } catch {
                    reason = "\(candidate.name): \(error)"
                }
            }
        }
        return TransactionResult(.deferred(4, 1, reason), for: envelope)
    }
}

extension TransactionResult {
    /// The same for every recipient, without a session.
    init(_ outcome: Outcome, for envelope: Envelope) {
        let recipients = envelope.recipients
        self.init(outcomes: recipients.map { _ in outcome }, stages: recipients.map { _ in nil }, reply: nil)
    }
}

extension Outcome {
    static func failed(_ subject: Int, _ detail: Int, _ text: String) -> Outcome {
        Outcome(.failed, status: EnhancedStatusCode(.permanentFailure, subject, detail), diagnostic: text)
    }

    fileprivate static func deferred(_ subject: Int, _ detail: Int, _ text: String) -> Outcome {
        Outcome(.deferred, status: EnhancedStatusCode(.persistentTransientFailure, subject, detail), diagnostic: text)
    }
}
