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

    /// The first host that a session comes about with gets the message. Where all of them refuse for good, as one with
    /// 521 does (RFC 7504), so is the message.
    private func deliver(
        _ sender: MessageSender, _ envelope: Envelope, to candidates: [MailHostCandidate]
    ) async -> TransactionResult {
        var (reason, refusal): (String, Outcome?) = ("no host has an address", nil)
        var isForGood = true
        for candidate in candidates {
            for address in candidate.addresses {
                do {
                    return try await sender.send(to: SMTPURL(.host("\(address)", port: port)), envelope)
                } catch let error as SMTPError where !error.isTransient {
                    reason = "\(candidate.name): \(error)"
                    refusal = error.reply.map { Outcome($0, stage: error.stage, remoteHost: candidate.name) }
                } catch {
                    reason = "\(candidate.name): \(error)"
                    isForGood = false
                }
            }
        }
        if isForGood, let refusal { return TransactionResult(refusal, for: envelope) }
        return TransactionResult(.deferred(4, 1, reason), for: envelope)
    }
}

extension TransactionResult {
    /// The same for every recipient, without a session.
    init(_ outcome: Outcome, for envelope: Envelope, failure: SessionFailure? = nil) {
        let recipients = envelope.recipients
        self.init(
            outcomes: recipients.map { _ in outcome }, stages: recipients.map { _ in nil }, reply: nil,
            failure: failure)
    }

    /// This and that of the recipients behind.
    func followed(by next: TransactionResult) -> TransactionResult {
        TransactionResult(
            outcomes: outcomes + next.outcomes, stages: stages + next.stages, reply: next.reply ?? reply,
            refusal: next.refusal ?? refusal, failure: next.failure ?? failure)
    }
}

extension Outcome {
    static func failed(_ subject: Int, _ detail: Int, _ text: String) -> Outcome {
        Outcome(.failed, status: EnhancedStatusCode(.permanentFailure, subject, detail), diagnostic: text)
    }

    static func deferred(_ subject: Int, _ detail: Int, _ text: String) -> Outcome {
        Outcome(.deferred, status: EnhancedStatusCode(.persistentTransientFailure, subject, detail), diagnostic: text)
    }
}
