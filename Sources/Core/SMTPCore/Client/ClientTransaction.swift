import MailCore

import struct NIOCore.ByteBuffer

/// One envelope on its way to a server: which recipient is next, and what became of each.
struct ClientTransaction {
    /// What does not change, in one reference: transactions are copied often.
    private final class Request: Sendable {
        let envelope: Envelope
        let size: UInt64?
        let chunk: MessageChunk?
        let isText: Bool
        let remoteHost: String?

        init(_ envelope: Envelope, size: UInt64?, chunk: MessageChunk?, isText: Bool, remoteHost: String?) {
            self.envelope = envelope
            self.size = size
            self.chunk = chunk
            self.isText = isText
            self.remoteHost = remoteHost
        }
    }

    private let request: Request
    /// Octets that are still to come of a message that goes with one BDAT while it is read.
    var octetsToCome: UInt64 = 0
    /// The end of such a message.
    var lastPiece: ByteBuffer?
    /// Whether all of it went out behind another transaction.
    var isSentBehind = false
    /// Whether the answer to the RSET in front of it is still to come.
    var awaitsReset = false
    private var outcomes: [Outcome?]
    /// Where each outcome was decided.
    private var stages: [SMTPStage?]
    /// The recipients the server has taken, by their place in the envelope.
    private(set) var accepted: ArraySlice<Int> = []
    /// How many replies to RCPT have come.
    private(set) var answered = 0
    private(set) var reply: SMTPReply?
    /// The last no to MAIL or RCPT.
    private var refusal: SMTPReply?
    /// Whether MAIL was accepted, so that only RSET or the end of the message ends the transaction.
    private(set) var isOpen = false

    init(_ envelope: Envelope, size: UInt64?, chunk: MessageChunk?, isText: Bool, remoteHost: String?) {
        request = Request(envelope, size: size, chunk: chunk, isText: isText, remoteHost: remoteHost)
        self.stages = Array(repeating: nil, count: envelope.recipients.count)
        self.outcomes = Array(repeating: nil, count: envelope.recipients.count)
    }

    var envelope: Envelope { request.envelope }
    var size: UInt64? { request.size }
    /// The message, where all of it is known beforehand and fit for BDAT.
    var chunk: MessageChunk? { request.chunk }
    /// Whether one that is not known beforehand is fit for BDAT, too.
    var isText: Bool { request.isText }
    private var remoteHost: String? { request.remoteHost }

    mutating func mailAnswered(_ reply: SMTPReply) {
        if reply.isPositive {
            isOpen = true
        } else {
            refusal = reply
            resolveRest(Outcome(reply, stage: .mail, remoteHost: remoteHost), stage: .mail)
        }
    }

    /// Takes the reply to the next recipient's RCPT. Where MAIL was refused it says nothing new.
    mutating func recipientAnswered(_ reply: SMTPReply) {
        defer { answered += 1 }
        guard outcomes[answered] == nil else { return }
        if reply.isPositive {
            accepted.append(answered)
        } else {
            refusal = reply
            outcomes[answered] = Outcome(reply, stage: .rcpt, remoteHost: remoteHost)
            stages[answered] = .rcpt
        }
    }

    /// Takes the reply to the message for all recipients that the server took.
    mutating func contentAnswered(_ reply: SMTPReply, stage: SMTPStage = .endOfData) {
        self.reply = reply
        while !accepted.isEmpty { nextAcceptedAnswered(reply, stage: stage) }
        isOpen = false
    }

    /// Takes the reply to the message for the next recipient, as LMTP gives it (RFC 2033 §4.2).
    mutating func nextAcceptedAnswered(_ reply: SMTPReply, stage: SMTPStage = .endOfData) {
        self.reply = reply
        guard let index = accepted.popFirst() else { return }
        outcomes[index] = Outcome(reply, stage: stage, remoteHost: remoteHost)
        stages[index] = stage
        isOpen = !accepted.isEmpty
    }

    /// Gives every recipient that has none this outcome.
    mutating func resolveRest(_ outcome: Outcome, stage: SMTPStage) {
        for index in outcomes.indices where outcomes[index] == nil {
            (outcomes[index], stages[index]) = (outcome, stage)
        }
        accepted = []
    }

    /// - Parameters:
    ///   - extensions: what the server offered: with DSN it has got what the sender asked of reports, and tells of success
    ///     (RFC 3461 §5.2.1).
    ///   - failure: what ended the session, if it did not outlive the transaction.
    func result(_ extensions: ServerExtensions, failure: SessionFailure? = nil) -> TransactionResult {
        let unknown = SessionFailure(stage: .endOfData, reason: .violation("the server said nothing about a recipient"))
        let outcomes = outcomes.map { outcome in
            var outcome = outcome ?? (failure ?? unknown).outcome(remoteHost: remoteHost)
            outcome.isReportedByNextHop = extensions.dsn && outcome.action == .delivered
            return outcome
        }
        return TransactionResult(
            outcomes: outcomes, stages: stages, reply: reply, refusal: refusal, failure: failure)
    }
}
