public import MailCore
import MailDirectory
public import MilterClient
import MilterCore
public import NIOCore
public import QueueCore
public import SMTPCore
public import SMTPServer

/// Serves one SMTP session: asks the policies, and hands what is accepted to the queue.
public final class ReceptionSession: SMTPSessionDelegate {
    private let settings: ReceptionSettings
    private let services: ReceptionServices
    private let id: SessionID
    private var peer: SMTPPeer
    /// Where the connection comes from, whoever XCLIENT says is behind it.
    private let origin: IPAddress?
    private let isLMTP: Bool
    /// Whether messages come from users and not from servers (RFC 6409).
    private let isSubmission: Bool
    /// Of addresses in what users submit that have none.
    private let defaultDomain: Domain?
    private var isTrusted: Bool
    /// Who the client has proved to be.
    private var identity: String?
    /// How, by the name of a mechanism of SASL; `XCLIENT` where a proxy says so.
    private var mechanism = ""
    /// From the first AUTH on.
    private var authentication: SessionAuthentication?
    /// Those who see the session besides; nil where nobody does.
    private var filters: FilterChain?
    private var hello: HelloCommand?
    private var tls: TLSSession?
    private var transaction: ReceptionTransaction?
    /// Completes the header of the present message, where a user submits it.
    private var submission: SubmissionHeader?
    /// A recipient that is taken if the reply is positive.
    private var undecided: EnvelopeRecipient?
    /// The user whose terminals that recipient may be at.
    private var undecidedUser: String?
    /// What the last TURN or ATRN asked for.
    private var turnRequest = TurnRequest.turn
    private var unknownRecipients = 0
    private var refusals = RefusalRun()
    private var messages = 0
    /// What was asked last and is not answered yet.
    private var asked: SMTPServerQuestion?

    /// - Parameters:
    ///   - isLMTP: whether the listener speaks LMTP.
    ///   - isSubmission: whether the listener is for users (RFC 6409), whose sender addresses are checked and whose
    ///     headers are completed.
    ///   - defaultDomain: of the addresses in these headers that have none; nil where they stay as they are.
    public init(
        id: SessionID, peer: SMTPPeer, isLMTP: Bool, isSubmission: Bool = false, defaultDomain: Domain? = nil,
        settings: ReceptionSettings, services: ReceptionServices
    ) {
        self.defaultDomain = defaultDomain
        self.id = id
        self.peer = peer
        origin = peer.address
        self.isLMTP = isLMTP
        self.isSubmission = isSubmission
        self.settings = settings
        self.services = services
        isTrusted = settings.isTrusted(peer.address)
        if !settings.filters.isEmpty {
            filters = FilterChain(settings, listener: peer.listener, connector: services.filters) {
                [log = services.log] in log(ReceptionEvent(session: id, peer: peer, user: nil, kind: $0))
            }
        }
        report(.connected)
    }

    // MARK: Questions

    public func decide(_ question: SMTPServerQuestion, answer: SMTPAnswer) -> SMTPDecision {
        asked = question
        guard let filters else { return judge(question, ReceptionAnswer(answer)) }
        let decision = judge(question, ReceptionAnswer(answer, by: review(question, filters)))
        // By now a message has its queue ID.
        guard case .now(let verdict) = decision, verdict.isAcceptance, let review = review(question, filters) else {
            return decision
        }
        ReceptionAnswer(answer, by: review)(verdict)
        return .later
    }

    /// What filters are told of a question; nil where they have no say.
    private func review(_ question: SMTPServerQuestion, _ filters: FilterChain) -> FilterReview? {
        guard let event = MilterEvent(question, peer: peer) else { return nil }
        var facts = filterFacts
        if case .recipient(let command) = question, case .mailbox(let address) = command.forwardPath {
            facts.recipient = address
        }
        return FilterReview(FilterEvent(event: event, facts: facts), by: filters)
    }

    private var filterFacts: FilterFacts {
        FilterFacts(
            hostname: settings.hostname, peer: peer, tls: tls, user: identity, mechanism: mechanism,
            queueID: transaction?.message.queueID, reversePath: transaction?.envelope.reversePath)
    }

    /// What the session itself decides.
    private func judge(_ question: SMTPServerQuestion, _ answer: ReceptionAnswer) -> SMTPDecision {
        switch question {
        case .greeting: return .now(.welcome(identity.map(makePrivileges()) ?? privileges(isAuthenticated: false)))
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
        case .status:
            Task { [status = services.status] in
                answer(.accept(SMTPReply(211, .init(.success, 0, 0), lines: await status())))
            }
            return .later
        case .startQueue(let request): return start(request, answer)
        case .turn(let request): return turn(request, answer)
        case .clientAttributes(let attributes): return .now(replaceClient(attributes))
        case .authenticate(let command): return authenticate(command, answer)
        case .authenticationResponse(let text):
            guard let authentication else { preconditionFailure("a response came before AUTH") }
            return authentication.respond(toWire: text, makePrivileges(), answer.answer)
        }
    }

    private func authenticate(_ command: AuthenticateCommand, _ answer: ReceptionAnswer) -> SMTPDecision {
        let authentication =
            authentication ?? SessionAuthentication(service: services.authentication, hostname: settings.hostname)
        self.authentication = authentication
        let peer = AuthenticatingPeer(address: peer.address, tls: tls)
        return authentication.begin(command, peer, privileges: makePrivileges(), answer.answer)
    }

    private func privileges(isAuthenticated: Bool) -> SMTPServerPrivileges {
        let privileges = settings.commands.privileges(
            for: peer.address, origin: origin, isTrusted: isTrusted, isAuthenticated: isAuthenticated)
        // What goes to a terminal is in no queue yet, and no filter would see it.
        return filters == nil ? privileges : privileges.subtracting(.terminals)
    }

    /// What the peer may do once it has proved to be somebody.
    private func makePrivileges() -> @Sendable (String) -> SMTPServerPrivileges {
        let privileges = privileges(isAuthenticated: true)
        return { [turns = services.turns] identity in
            turns.offersTurn(to: identity) ? privileges.union(.turn) : privileges
        }
    }

    /// Whether the peer may send to other systems, by its network or by who it is.
    private var mayRelay: Bool { isTrusted || identity != nil }

    private func replaceClient(_ attributes: ClientAttributes) -> SMTPServerVerdict {
        peer = peer.standing(for: attributes)
        isTrusted = attributes.address == nil ? isTrusted : settings.isTrusted(peer.address)
        (identity, mechanism) = (attributes.login, "XCLIENT")
        hello = nil
        report(.connected)
        return .accept()
    }

    private func start(_ request: QueueRequest, _ answer: ReceptionAnswer) -> SMTPDecision {
        Task { [queue = services.queue] in answer(await queue.start(request).verdict(for: request)) }
        return .later
    }

    private func begin(_ command: MailCommand) -> SMTPServerVerdict {
        if isSubmission, let identity, case .mailbox(let sender) = command.reversePath,
            !services.authentication.mayUser(identity, sendAs: sender)
        {
            return .refuse(.notYourAddress)
        }
        do throws(SinkError) {
            let message = try services.sink.open()
            transaction = ReceptionTransaction(
                message: message, content: filters == nil ? message : try services.sink.open(), mail: command,
                directory: settings.directory)
            submission = submissionHeader(command.reversePath, message.queueID)
            return .accept()
        } catch {
            return error.verdict(hostname: settings.hostname)
        }
    }

    private func submissionHeader(_ sender: ReversePath, _ id: QueueID) -> SubmissionHeader? {
        guard isSubmission else { return nil }
        let author = sender.mailbox.map { "<\($0)>" } ?? "<postmaster@\(settings.hostname)>"
        return SubmissionHeader(
            author: author, date: services.mailDate(), messageID: "<\(id)@\(settings.hostname)>",
            defaultDomain: defaultDomain)
    }

    private func decide(_ command: RecipientCommand, _ answer: ReceptionAnswer) -> SMTPDecision {
        if isSubmission, let identity, !services.authentication.count(recipientOf: identity) {
            return .now(.refuse(.tooManyForUser))
        }
        let decision = RecipientPolicy(settings: settings, isTrusted: mayRelay).decide(command.forwardPath)
        switch decision {
        case .refuse(let reply): return .now(.refuse(reply))
        case .unknown(let reply): return refuseUnknown(reply)
        case .accept(let address, _), .lookUp(let address, _):
            undecided = EnvelopeRecipient(address, notify: command.notify, original: command.original)
            let inquiry = RecipientInquiry(
                decision, terminals: terminals(of: address), screened: screened(address))
            guard inquiry.isOpen else { return .now(.accept(decision.reply)) }
            Task { [services] in answer(await inquiry.verdict(services)) }
            return .later
        }
    }

    private func terminals(of address: EmailAddress) -> RecipientInquiry.Terminals? {
        guard let terminals = transaction?.terminals else { return nil }
        undecidedUser = settings.directory.user(at: address)
        return .init(verb: terminals.verb, user: undecidedUser)
    }

    /// What screens are asked about a recipient; nil for a peer that needs not be asked about.
    private func screened(_ recipient: EmailAddress) -> ScreenedRecipient? {
        let user = identity.map { (name: $0, mechanism: mechanism) }
        let standing: PeerStanding = user != nil ? .user : isTrusted ? .trusted : .stranger
        guard let address = peer.address, let transaction,
            services.screens.contains(where: { $0.isOn(for: standing) })
        else { return nil }
        return ScreenedRecipient(
            session: id.description, client: address, clientPort: peer.port, hello: hello, size: transaction.size,
            reversePath: transaction.envelope.reversePath, recipient: recipient, tls: tls, user: user,
            standing: standing)
    }

    /// Whoever guesses addresses learns them slowly, and not many.
    private func refuseUnknown(_ reply: SMTPReply) -> SMTPDecision {
        if mayRelay { return .now(.refuse(reply)) }
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
        let piece = submission?.take(piece) ?? piece
        transaction.terminals?.take(piece.readableBytesView)
        switch transaction.content.append(piece, resume: { resume() }) {
        case .ready: return .ready
        case .suspended: return .suspended
        }
    }

    private func commit(_ answer: ReceptionAnswer) {
        guard let done = transaction else { preconditionFailure("content came outside of a transaction") }
        let facts = filters == nil ? nil : filterFacts
        transaction = nil
        messages += 1
        if let rest = submission?.finish(), rest.readableBytes > 0 {
            // It is small, and the commit that follows waits for it.
            _ = done.content.append(rest, resume: {})
        }
        let (hostname, log, session, peer, user) = (settings.hostname, services.log, self.id, self.peer, identity)
        let commit = MessageCommit(
            message: done.message, envelope: done.envelope, prefix: ByteBuffer(string: received(done).text),
            octets: done.octets, hostname: hostname, tls: tls, answer: { answer($0) },
            report: { log(ReceptionEvent(session: session, peer: peer, user: user, kind: $0)) })
        if let filters, let facts {
            return FilteredCommit(
                commit: commit, content: done.content, filters: filters, facts: facts, sink: services.sink
            ).run()
        }
        guard let terminals = done.terminals, !terminals.readers.isEmpty else { return commit.run() }
        let message = TerminalMessage(
            from: done.envelope.reversePath, at: hostname, date: services.mailDate(), content: terminals.content)
        commit.run(
            terminals.verb,
            TerminalShowing(messenger: services.terminals, message: message, readers: terminals.readers))
    }

    private func received(_ transaction: ReceptionTransaction) -> ReceivedField {
        let recipients = transaction.envelope.recipients
        return ReceivedField(
            hello: hello, peer: peer.address, hostname: settings.hostname,
            transmission: transmission(smtputf8: transaction.envelope.options.smtputf8),
            id: transaction.message.queueID, recipient: recipients.count == 1 ? recipients[0].address : nil, tls: tls,
            date: services.mailDate())
    }

    /// RFC 3848, and RFC 6531 §4.3 for what UTF8SMTP means. An S says that TLS was used, an A who it was.
    private func transmission(smtputf8: Bool) -> String {
        let suffix = (tls == nil ? "" : "S") + (identity == nil ? "" : "A")
        if isLMTP { return (smtputf8 ? "UTF8LMTP" : "LMTP") + suffix }
        if smtputf8 { return "UTF8SMTP" + suffix }
        return hello?.verb == .ehlo ? "ESMTP" + suffix : "SMTP"
    }

    public func abandonTransaction() {
        transaction?.discard()
        transaction = nil
    }

    // MARK: What is told

    public func replied(_ reply: SMTPReply, to line: String?) {
        if let recipient = undecided {
            if reply.isPositive { take(recipient, isThere: reply == .userIsThere) }
            (undecided, undecidedUser) = (nil, nil)
        }
        if reply.isPositive { endRefusals() } else { refused(reply, line) }
        asked = nil
        guard let authentication, let user = authentication.replied(reply) else { return }
        (identity, mechanism) = (user, authentication.mechanism)
        report(.authenticated)
    }

    private func take(_ recipient: EnvelopeRecipient, isThere: Bool) {
        if !isThere { transaction?.add(recipient) }
        guard let terminals = transaction?.terminals, let undecidedUser else { return }
        if isThere || terminals.verb == .saml { terminals.add(recipient, user: undecidedUser) }
    }

    private func refused(_ reply: SMTPReply, _ line: String?) {
        let (id, isDecided) = (transaction?.message.queueID, asked != nil)
        if refusals.continues(with: reply, id, isDecided: isDecided) { return }
        endRefusals()
        refusals.begin(with: reply, id, isDecided: isDecided)
        report(.refused(reply, command: asked?.subject ?? line, id), triedUser: authentication?.takeTriedUser())
        if case .mail? = asked { abandonTransaction() }
    }

    private func endRefusals() {
        guard let (reply, id, times) = refusals.end() else { return }
        report(.refusedAgain(reply, id, times: times))
    }

    public func tlsEstablished(_ session: TLSSession) {
        tls = session
        hello = nil
        identity = nil
        report(.encrypted(session))
    }

    public func tlsFailed(_ reason: String) {
        report(.tlsFailed(reason))
    }

    private func turn(_ request: TurnRequest, _ answer: ReceptionAnswer) -> SMTPDecision {
        guard let identity else { preconditionFailure("only who has authenticated may turn a session") }
        turnRequest = request
        Task { [turns = services.turns] in
            answer(await turns.mayTurn(request, identity).map(SMTPServerVerdict.refuse) ?? .accept())
        }
        return .later
    }

    public func handedOver(_ channel: any Channel) {
        report(.turned(turnRequest, identity: identity ?? ""))
        services.turns.take(
            channel, TurnedPeer(identity: identity ?? "", request: turnRequest, name: hello?.name, tls: tls))
    }

    public func sessionEnded() {
        abandonTransaction()
        filters?.end()
        endRefusals()
        report(.disconnected(messages: messages))
    }

    private func report(_ kind: ReceptionEvent.Kind, triedUser: String? = nil) {
        services.log(ReceptionEvent(session: id, peer: peer, user: identity, triedUser: triedUser, kind: kind))
    }
}

/// What sessions need of the server around them, which they share: a session that does nothing costs memory.
public final class ReceptionServices: Sendable {
    public let sink: any MessageSink
    public let log: @Sendable (ReceptionEvent) -> Void
    /// The time as RFC 5322 writes it.
    public let mailDate: @Sendable () -> String
    /// The state of the system, line by line, for HELP STATUS.
    public let status: @Sendable () async -> [String]
    public let domains: DomainCheck
    public let terminals: any TerminalMessenger
    public let queue: any QueueStarter
    public let turns: any TurnDesk
    /// What strangers must pass, one after the other.
    public let screens: [any RecipientScreen]
    /// Connects with filters; nil where there are none.
    public let filters: MilterConnector?
    public let authentication: any AuthenticationService

    public init(
        sink: any MessageSink, log: @escaping @Sendable (ReceptionEvent) -> Void,
        mailDate: @escaping @Sendable () -> String, status: @escaping @Sendable () async -> [String],
        domains: DomainCheck = DomainCheck { _ in nil }, terminals: any TerminalMessenger,
        queue: any QueueStarter, turns: any TurnDesk, screens: [any RecipientScreen] = [],
        filters: MilterConnector? = nil, authentication: any AuthenticationService = NoAuthentication()
    ) {
        self.authentication = authentication
        self.terminals = terminals
        self.queue = queue
        self.turns = turns
        self.screens = screens
        self.filters = filters
        self.domains = domains
        self.sink = sink
        self.log = log
        self.mailDate = mailDate
        self.status = status
    }
}
