public import MailCore
import MailDirectory
public import NIOCore
public import QueueCore
public import SMTPCore
public import SMTPServer

/// Serves one SMTP session: asks the policies, and hands what is accepted to the queue.
public final class ReceptionSession: SMTPSessionDelegate {
    private let settings: ReceptionSettings
    private let services: ReceptionServices
    private let id: SessionID
    private let peer: SMTPPeer
    private let isLMTP: Bool
    private let isTrusted: Bool
    private var hello: HelloCommand?
    private var tls: TLSSession?
    private var transaction: ReceptionTransaction?
    /// A recipient whose domain is being looked up: its reply decides.
    private var undecided: EnvelopeRecipient?
    private var unknownRecipients = 0
    private var messages = 0
    /// What was asked last and is not answered yet.
    private var asked: SMTPServerQuestion?

    /// - Parameter isLMTP: whether the listener speaks LMTP.
    public init(id: SessionID, peer: SMTPPeer, isLMTP: Bool, settings: ReceptionSettings, services: ReceptionServices) {
        self.id = id
        self.peer = peer
        self.isLMTP = isLMTP
        self.settings = settings
        self.services = services
        isTrusted = settings.isTrusted(peer.address)
        report(.connected)
    }

    // MARK: Questions

    public func decide(_ question: SMTPServerQuestion, answer: SMTPAnswer) -> SMTPDecision {
        asked = question
        switch question {
        case .greeting: return .now(isTrusted ? .welcome(.all) : .welcome([]))
        case .hello(let command):
            hello = command
            return .now(.accept())
        case .mail(let command): return .now(begin(command))
        case .recipient(let command): return decide(command, answer)
        case .content: return .now(.accept())
        case .message:
            commit(answer)
            return .later
        case .verify(let query): return .now(DirectoryQueries(directory: settings.directory).verify(query))
        case .expand(let query): return .now(DirectoryQueries(directory: settings.directory).expand(query))
        case .status: return .now(.accept(SMTPReply(211, .init(.success, 0, 0), lines: services.status())))
        case .authenticate, .authenticationResponse: preconditionFailure("no mechanism was offered")
        }
    }

    private func begin(_ command: MailCommand) -> SMTPServerVerdict {
        do throws(SinkError) {
            transaction = ReceptionTransaction(
                message: try services.sink.open(), mail: command, directory: settings.directory)
            return .accept()
        } catch {
            return error.verdict(hostname: settings.hostname)
        }
    }

    private func decide(_ command: RecipientCommand, _ answer: SMTPAnswer) -> SMTPDecision {
        let recipient = { EnvelopeRecipient($0, notify: command.notify, original: command.original) }
        switch RecipientPolicy(settings: settings, isTrusted: isTrusted).decide(command.forwardPath) {
        case .accept(let address, let reply):
            transaction?.add(recipient(address))
            return .now(.accept(reply))
        case .lookUp(let address, let domain):
            undecided = recipient(address)
            Task { [domains = services.domains] in answer(await domains.verdict(on: domain)) }
            return .later
        case .refuse(let reply): return .now(.refuse(reply))
        case .unknown(let reply): return refuseUnknown(reply)
        }
    }

    /// Whoever guesses addresses learns them slowly, and not many.
    private func refuseUnknown(_ reply: SMTPReply) -> SMTPDecision {
        if isTrusted { return .now(.refuse(reply)) }
        unknownRecipients += 1
        if unknownRecipients > settings.unknownRecipients {
            return .now(.refuseAndClose(.tooManyUnknown(settings.hostname)))
        }
        if unknownRecipients == 1 { return .now(.refuse(reply)) }
        return .delayed(.refuse(reply), by: settings.unknownRecipientPause)
    }

    // MARK: The message

    public func take(_ piece: ByteBuffer, resume: SMTPResumption) -> SMTPFlow {
        guard let transaction else { return .ready }
        transaction.octets += UInt64(piece.readableBytes)
        switch transaction.message.append(piece, resume: { resume() }) {
        case .ready: return .ready
        case .suspended: return .suspended
        }
    }

    private func commit(_ answer: SMTPAnswer) {
        guard let done = transaction else { preconditionFailure("content came outside of a transaction") }
        transaction = nil
        messages += 1
        let id = done.message.queueID
        let (envelope, octets) = (done.envelope, done.octets)
        let prefix = ByteBuffer(string: received(done).text)
        let (hostname, log, session, peer, tls) = (settings.hostname, services.log, self.id, self.peer, self.tls)
        done.message.commit(envelope, prefix: prefix) { result in
            switch result {
            case .success:
                let kind = ReceptionEvent.Kind.accepted(
                    id, from: envelope.reversePath, recipients: envelope.recipients.count, octets: octets, tls: tls)
                answer(.accept(.queued(id)))
                log(ReceptionEvent(session: session, peer: peer, kind: kind))
            case .failure(let error):
                answer(error.verdict(hostname: hostname))
                log(ReceptionEvent(session: session, peer: peer, kind: .notStored(id, error)))
            }
        }
    }

    private func received(_ transaction: ReceptionTransaction) -> ReceivedField {
        let recipients = transaction.envelope.recipients
        return ReceivedField(
            hello: hello, peer: peer.address, hostname: settings.hostname,
            transmission: transmission(smtputf8: transaction.envelope.options.smtputf8),
            id: transaction.message.queueID, recipient: recipients.count == 1 ? recipients[0].address : nil, tls: tls,
            date: services.mailDate())
    }

    /// RFC 3848, and RFC 6531 §4.3 for what UTF8SMTP means. An S says that TLS was used.
    private func transmission(smtputf8: Bool) -> String {
        let suffix = tls == nil ? "" : "S"
        if isLMTP { return (smtputf8 ? "UTF8LMTP" : "LMTP") + suffix }
        if smtputf8 { return "UTF8SMTP" + suffix }
        return hello?.verb == .ehlo ? "ESMTP" + suffix : "SMTP"
    }

    public func abandonTransaction() {
        transaction?.message.discard()
        transaction = nil
    }

    // MARK: What is told

    public func replied(_ reply: SMTPReply, to line: String?) {
        if let recipient = undecided {
            undecided = nil
            if reply.isPositive { transaction?.add(recipient) }
        }
        if !reply.isPositive {
            report(.refused(reply, command: asked?.subject ?? line, transaction?.message.queueID))
        }
        asked = nil
    }

    public func tlsEstablished(_ session: TLSSession) {
        tls = session
        hello = nil
        report(.encrypted(session))
    }

    public func tlsFailed(_ reason: String) {
        report(.tlsFailed(reason))
    }

    public func sessionEnded() {
        abandonTransaction()
        report(.disconnected(messages: messages))
    }

    private func report(_ kind: ReceptionEvent.Kind) {
        services.log(ReceptionEvent(session: id, peer: peer, kind: kind))
    }
}

/// What a session needs of the server around it.
public struct ReceptionServices: Sendable {
    public let sink: any MessageSink
    public let log: @Sendable (ReceptionEvent) -> Void
    /// The time as RFC 5322 writes it.
    public let mailDate: @Sendable () -> String
    /// The state of the system, line by line, for HELP STATUS.
    public let status: @Sendable () -> [String]
    public let domains: DomainCheck

    public init(
        sink: any MessageSink, log: @escaping @Sendable (ReceptionEvent) -> Void,
        mailDate: @escaping @Sendable () -> String, status: @escaping @Sendable () -> [String],
        domains: DomainCheck = DomainCheck { _ in nil }
    ) {
        self.domains = domains
        self.sink = sink
        self.log = log
        self.mailDate = mailDate
        self.status = status
    }
}
