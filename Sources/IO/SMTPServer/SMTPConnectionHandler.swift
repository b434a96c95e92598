import MailCore
import NIOCore
import NIOTLS
import SMTPCore

/// Drives one server machine on one channel: octets in, actions out. It answers from memory without leaving the event
/// loop and flushes only when it is about to wait.
final class SMTPConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Input that lies unread while the machine waits for an answer; beyond it nothing more is read.
    private static let unreadLimit = 64 * 1_024

    private var machine: SMTPServerMachine
    private let delegate: any SMTPSessionDelegate
    private let mailbox: LoopMailbox
    /// What a handshake is made with; nil for a session that stays in clear.
    private let tls: TLSServerContext?
    private let beginsWithTLS: Bool
    private var tlsHandlers: TLSServerHandlers?
    private let greetingDelay: Duration
    private let refusesEarlyTalkers: Bool
    private var clock: SessionClock
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var timerDeadline: NIODeadline?
    private var output = ByteBuffer()
    /// The number of the open question, by which a late answer to an earlier one is known.
    private var question = 0
    /// Until the connection stands and the greeting delay is over.
    private var isGreetingHeldBack = true
    private var isContentSuspended = false
    private var isReadHeldBack = false
    private var isPumping = false
    private var isClosing = false
    private var lastReplyCode = 0

    /// How long a peer that is being dismissed may go on sending before the connection is cut.
    private static let lingering = TimeAmount.seconds(2)

    /// - Parameter isEncrypted: whether the connection is encrypted before the session begins.
    init(
        configuration: SMTPListenerConfiguration, delegate: any SMTPSessionDelegate, mailbox: LoopMailbox,
        tls: TLSServerContext? = nil, isEncrypted: Bool = false
    ) {
        beginsWithTLS = configuration.encryption == .implicit || isEncrypted
        var machineConfiguration = configuration.machine
        machineConfiguration.offersTLS = tls != nil && !beginsWithTLS
        if tls?.channelBinding == nil { machineConfiguration.mechanisms.removeAll { $0.hasSuffix("-PLUS") } }
        machine = SMTPServerMachine(configuration: machineConfiguration, beginsWithTLS: beginsWithTLS)
        self.tls = tls
        self.delegate = delegate
        self.mailbox = mailbox
        greetingDelay = configuration.greetingDelay
        refusesEarlyTalkers = configuration.machine.refusesEarlyTalkers
        clock = SessionClock(patience: configuration.patience, now: mailbox.eventLoop.now)
    }

    // MARK: The channel's events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Begins on a connection that stands already, and is encrypted if it ever will be.
    ///
    /// - Parameter session: how it is encrypted; nil for one in clear.
    func begin(encrypted session: TLSSession?) {
        if let session {
            delegate.tlsEstablished(session)
            machine.tlsEstablished()
        }
        greet()
    }

    func channelActive(context: ChannelHandlerContext) {
        if beginsWithTLS {
            greet()
            return beginHandshake(context)
        }
        guard greetingDelay > .zero else { return greet() }
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(greetingDelay)) { self.greet() }
    }

    private func greet() {
        isGreetingHeldBack = false
        pump()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosing { return }
        let bytes = unwrapInboundIn(data)
        clock.received(bytes.readableBytes, at: now)
        if isGreetingHeldBack, refusesEarlyTalkers {
            isGreetingHeldBack = false
            machine.peerTalkedTooEarly()
        } else {
            machine.receive(bytes)
        }
        pump()
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { isReadHeldBack = true }
    }

    /// Whether there is room for more input. What comes after the end is thrown away.
    private var mayRead: Bool {
        if isClosing { return true }
        if isContentSuspended || !clock.isWritable { return false }
        return machine.waiting != .verdict || machine.unreadOctets <= Self.unreadLimit
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        clock.writability(context.channel.isWritable, at: now)
        releaseRead()
        armTimer()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed where isClosing:
            context.close(promise: nil)
        case ChannelEvent.inputClosed:
            machine.inputEnded()
            pump()
        case let event as SMTPListenerEvent:
            obey(event, context)
        case TLSUserEvent.handshakeCompleted where tlsHandlers != nil && machine.waiting == .handshake:
            handshakeCompleted()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if machine.waiting == .handshake, !isClosing { return failHandshake(context, "\(error)") }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        isClosing = true
        if machine.isInTransaction { delegate.abandonTransaction() }
        delegate.sessionEnded()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    private func obey(_ event: SMTPListenerEvent, _ context: ChannelHandlerContext) {
        switch event {
        case .shutDown: machine.shutDown()
        case .end(let reply): machine.end(with: reply)
        }
        if context.channel.isActive { greet() }
    }

    // MARK: TLS

    /// Puts TLS in front of this handler. What was replied before leaves in clear.
    private func beginHandshake(_ context: ChannelHandlerContext) {
        guard let tls else { preconditionFailure("TLS was offered by a listener that has none") }
        flush(context)
        do {
            tlsHandlers = try tls.addHandlers(to: context.pipeline.syncOperations)
        } catch {
            failHandshake(context, "\(error)")
        }
    }

    private func failHandshake(_ context: ChannelHandlerContext, _ text: String) {
        isClosing = true
        timer?.cancel()
        delegate.tlsFailed(TLSFailure.reason(in: text))
        context.close(promise: nil)
    }

    private func handshakeCompleted() {
        guard let handlers = tlsHandlers else { return }
        let session = handlers.session
        delegate.tlsEstablished(session)
        machine.tlsEstablished(clientIsKnown: session.peer?.isVerified ?? false)
        pump()
    }

    // MARK: Answers from elsewhere

    func receive(_ letter: LoopMailbox.Letter) {
        guard !isClosing else { return }
        switch letter {
        case .resume:
            isContentSuspended = false
            clock.contentIsHeld(false, at: now)
        case .verdict(let verdict, let question):
            guard question == self.question, machine.waiting == .verdict else { return }
            machine.answer(verdict)
        }
        pump()
    }

    // MARK: The machine's actions

    private func pump() {
        guard let context, !isPumping, !isGreetingHeldBack, !isClosing else { return }
        isPumping = true
        var progressed = false
        // What ends the session does not wait until content may flow again.
        while !isContentSuspended || machine.waiting == .nothing, let action = machine.next() {
            progressed = true
            perform(action, context)
        }
        isPumping = false
        flush(context)
        clock.waits(
            for: machine.waiting, isInTransaction: machine.isInTransaction,
            isReceivingContent: machine.isReceivingContent, progressed: progressed, at: now)
        releaseRead()
        armTimer()
    }

    private func perform(_ action: SMTPServerAction, _ context: ChannelHandlerContext) {
        switch action {
        case .reply(let reply):
            reply.write(to: &output)
            lastReplyCode = reply.code
            delegate.replied(reply, to: reply.isPositive ? nil : machine.lastLine)
        case .ask(let question): ask(question, context)
        case .body(let piece):
            guard case .suspended = delegate.take(piece, resume: resumption(context)) else { return }
            isContentSuspended = true
            clock.contentIsHeld(true, at: now)
        case .synchronize:
            if refusesEarlyTalkers, machine.unreadOctets > 0 { machine.peerTalkedTooEarly() }
        case .abandonTransaction: delegate.abandonTransaction()
        case .startTLS: beginHandshake(context)
        case .handOver: handOver(context)
        case .close: close(context)
        }
    }

    private func ask(_ asked: SMTPServerQuestion, _ context: ChannelHandlerContext) {
        question += 1
        let answer = SMTPAnswer(mailbox: mailbox, connection: bound(context), question: question)
        switch delegate.decide(asked, answer: answer) {
        case .now(let verdict): machine.answer(verdict)
        case .delayed(let verdict, let delay):
            context.eventLoop.scheduleTask(in: TimeAmount(delay)) { answer(verdict) }
        case .later: break
        }
    }

    private func resumption(_ context: ChannelHandlerContext) -> SMTPResumption {
        SMTPResumption(mailbox: mailbox, connection: bound(context))
    }

    private func bound(_ context: ChannelHandlerContext) -> NIOLoopBound<SMTPConnectionHandler> {
        NIOLoopBound(self, eventLoop: context.eventLoop)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        output = ByteBuffer()
    }

    /// Leaves the channel to the delegate. Nothing is read before somebody takes this handler's place: the peer may greet
    /// as soon as it has the reply.
    private func handOver(_ context: ChannelHandlerContext) {
        isClosing = true
        timer?.cancel()
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        flush(context)
        try? channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        delegate.handedOver(channel)
        delegate.sessionEnded()
    }

    /// Closes. Closing on unread input would reset the connection, and the peer might never see why: so, but for a plain
    /// QUIT, its input is read and thrown away for a moment.
    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        timer?.cancel()
        flush(context)
        if lastReplyCode == 221 || lastReplyCode == 0 { return context.close(promise: nil) }
        context.close(mode: .output, promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) { [weak self] in
            self?.context?.close(promise: nil)
        }
    }

    /// Lets the read go on that was held back, once there is room for what it brings.
    private func releaseRead() {
        guard isReadHeldBack, let context else { return }
        isReadHeldBack = false
        read(context: context)
    }

    // MARK: Time

    private var now: NIODeadline { mailbox.eventLoop.now }

    /// Keeps one timer. It is moved only when it fires, so that a busy session does not touch it.
    private func armTimer() {
        guard !isClosing, let context, let deadline = clock.deadline else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerFired() }
    }

    private func timerFired() {
        timerDeadline = nil
        guard !isClosing, let context else { return }
        guard let deadline = clock.deadline, deadline <= now else { return armTimer() }
        if machine.waiting == .handshake {
            failHandshake(context, "the peer did not complete the handshake in time")
        } else if clock.isWritable {
            machine.timedOut()
            pump()
        } else {
            context.close(promise: nil)
        }
    }
}

/// What a listener tells all its connections.
enum SMTPListenerEvent: Sendable {
    /// End when the transaction is over.
    case shutDown
    /// End now.
    case end(SMTPReply)
}
