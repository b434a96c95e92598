import MailCore
import NIOCore
import NIOTLS
import SMTPCore

/// Carries out what a client machine says, on the event loop of its channel.
final class ClientDriver: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where a transaction's message comes from.
    enum Content {
        case memory(ByteBuffer)
        /// The promise is kept with true when the server waits for the message, and with false if it never will.
        case stream(wanted: EventLoopPromise<Bool>, isText: Bool)
    }

    /// Who hears what became of a transaction.
    private enum Listener {
        case one(EventLoopPromise<TransactionResult>)
        case batch(MessageBatch)

        func waits(for operation: EventLoopFuture<some Any>) -> Bool {
            switch self {
            case .one(let promise): promise.futureResult === operation
            case .batch(let batch): batch.promise.futureResult === operation
            }
        }
    }

    private struct Transaction {
        let content: Content
        let listener: Listener
        /// When it must be over, however its stages share the time.
        let end: NIODeadline?
        /// Whether nobody wants it any more. It ends with the session, as soon as nobody wants any.
        var isCancelled = false
    }

    private var machine: SMTPClientMachine
    private let longestWait: Duration?
    private var transcript: TranscriptRecorder?
    private var context: ChannelHandlerContext?
    /// The one in progress, and those behind it.
    private var transactions: ArraySlice<Transaction> = []
    /// Batches of which some messages have not been begun.
    private var batches: ArraySlice<MessageBatch> = []
    /// Whether what was written is going to be flushed, when all that others want written now has been.
    private var willFlush = false
    private let tls: TLSClientContext
    private var tlsHandlers: TLSClientHandlers?
    private var isShakingHands = false
    /// How the session is encrypted; nil while it is not.
    private(set) var tlsSession: TLSSession?
    private var extensions: ServerExtensions?
    private var failure: SMTPError?
    /// Who waits for the answer to ETRN, ATRN or TURN.
    private var request: EventLoopPromise<SMTPReply>?
    private var readyWaiters: [EventLoopPromise<ServerExtensions>] = []
    private var deadline: NIODeadline?
    /// When the session must have been opened.
    private var openingEnd: NIODeadline?
    private var timer: Scheduled<Void>?
    private var timerEnd: NIODeadline?

    /// - Parameter tlsSession: how the connection is encrypted already.
    init(
        _ machine: SMTPClientMachine, tls: TLSClientContext, tlsSession: TLSSession? = nil,
        configuration: SMTPClientConfiguration
    ) {
        self.machine = machine
        self.tlsSession = tlsSession
        self.tls = tls
        longestWait = configuration.longestWait
        transcript = configuration.transcript.map(TranscriptRecorder.init)
    }
}

// MARK: - What the connection asks for

extension ClientDriver {
    func whenReady(_ promise: EventLoopPromise<ServerExtensions>, until end: NIODeadline?) {
        if let extensions { return promise.succeed(extensions) }
        if let failure { return promise.fail(failure) }
        readyWaiters.append(promise)
        openingEnd = end
        updateDeadline()
    }

    func begin(
        _ envelope: Envelope, size: UInt64?, content: Content, until end: NIODeadline?,
        result: EventLoopPromise<TransactionResult>
    ) {
        let problem = failure ?? (machine.canBegin || machine.canFollow ? nil : SMTPError.notAtRest)
        if let problem {
            if case .stream(let wanted, _) = content { wanted.succeed(false) }
            return result.fail(problem)
        }
        transactions.append(Transaction(content: content, listener: .one(result), end: end))
        switch content {
        case .memory(let message):
            machine.begin(envelope, size: size, message: message)
            run(flushesLater: true)
        case .stream(_, let isText):
            machine.begin(envelope, size: size, isText: isText)
            run()
        }
    }

    /// Begins the batch's messages as the session has room for them.
    func begin(_ batch: MessageBatch) {
        if let failure { return batch.promise.fail(failure) }
        batches.append(batch)
        feed()
        run()
    }

    func ask(_ request: MailRequest, reply: EventLoopPromise<SMTPReply>) {
        guard failure == nil, machine.canAsk else { return reply.fail(failure ?? SMTPError.notAtRest) }
        self.request = reply
        machine.ask(request)
        run()
    }

    func append(_ piece: ByteBuffer, written: EventLoopPromise<Void>) {
        machine.append(piece)
        run(written: written)
    }

    func endContent() {
        machine.endContent()
        run()
    }

    func quit() {
        machine.quit()
        run()
    }

    func abandon(_ reason: String) {
        machine.abandon(reason)
        run()
    }

    /// Ends the session for an operation that was cancelled. Transactions of others come to their end first.
    func cancel(_ operation: EventLoopFuture<some Any>) {
        let concerned = transactions.indices.filter { transactions[$0].listener.waits(for: operation) }
        for index in concerned { transactions[index].isCancelled = true }
        for batch in batches where batch.promise.futureResult === operation { batch.cancel() }
        feed()
        if batches.isEmpty, transactions.allSatisfy(\.isCancelled) { abandon(Self.cancelled) } else { run() }
    }

    private static let cancelled = "cancelled"
}

// MARK: - What the channel tells

extension ClientDriver {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        run()
        updateDeadline()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        machine.receive(unwrapInboundIn(data))
        run()
    }

    func channelInactive(context: ChannelHandlerContext) {
        machine.connectionClosed()
        run()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isShakingHands { return tlsFailed("\(error)") }
        machine.connectionClosed()
        run()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted = event, isShakingHands, let tlsHandlers else {
            return context.fireUserInboundEventTriggered(event)
        }
        isShakingHands = false
        let session = tlsHandlers.session
        tlsSession = session
        transcript?.encrypted(session)
        machine.tlsEstablished(channelBinding: session.channelBinding)
        run()
    }
}

// MARK: - TLS

extension ClientDriver {
    /// Puts TLS in front of this handler. Everything that was sent before has left in clear.
    private func beginHandshake() {
        guard let context else { return }
        context.flush()
        isShakingHands = true
        do {
            tlsHandlers = try tls.addHandlers(to: context.pipeline.syncOperations)
        } catch {
            tlsFailed("\(error)")
        }
    }

    private func tlsFailed(_ text: String) {
        isShakingHands = false
        machine.tlsFailed(TLSFailure.reason(in: text))
        run()
    }
}

// MARK: - Actions

extension ClientDriver {
    /// Takes actions until there are none, and sends what they wrote in one go.
    ///
    /// - Parameter flushesLater: with what others want written by now.
    private func run(written: EventLoopPromise<Void>? = nil, flushesLater: Bool = false) {
        var hasWritten = false
        var hasActed = false
        while let action = machine.next() {
            hasActed = true
            switch action {
            case .send(let buffer):
                transcript?.sent(buffer)
                write(buffer)
                hasWritten = true
            case .sendSecret(let buffer, let shown):
                transcript?.sent(ByteBuffer(string: shown))
                write(buffer)
                hasWritten = true
            case .sendContent(let buffer):
                transcript?.sentContent(buffer)
                write(buffer)
                hasWritten = true
            case .needContent: provideContent()
            case .replied(let exchange): transcript?.received(exchange)
            case .startTLS: beginHandshake()
            case .ready(let extensions): ready(extensions)
            case .finished(let result): finish(result)
            case .answered(let reply, let hasTurned): answered(reply, hasTurned: hasTurned)
            case .failed(let failure): fail(SMTPError(failure))
            case .close: close()
            }
        }
        if hasWritten, flushesLater {
            flushSoon()
        } else if hasWritten, written == nil {
            context?.flush()
        }
        if let written { flush(written) }
        // A server that sends octets, but no reply, gains no time.
        if hasActed { updateDeadline() }
    }

    private func write(_ buffer: ByteBuffer) {
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    private func flushSoon() {
        guard !willFlush, let loop = context?.eventLoop else { return }
        willFlush = true
        loop.assumeIsolated().execute { [self] in
            willFlush = false
            context?.flush()
        }
    }

    /// Keeps the promise when all that was written before has left this process.
    private func flush(_ promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.alreadyClosed) }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    private func provideContent() {
        transcript?.contentBegins()
        switch transactions.first?.content {
        case .memory(let buffer):
            machine.append(buffer)
            machine.endContent()
        case .stream(let wanted, _): wanted.succeed(true)
        case nil: preconditionFailure("a message is asked for only within a transaction")
        }
    }

    private func ready(_ extensions: ServerExtensions) {
        self.extensions = extensions
        openingEnd = nil
        for waiter in readyWaiters { waiter.succeed(extensions) }
        readyWaiters = []
    }

    private func finish(_ result: TransactionResult) {
        guard let transaction = transactions.popFirst() else { return }
        // Kept already where the server asked for the message; a second time does no harm.
        if case .stream(let wanted, _) = transaction.content { wanted.succeed(false) }
        switch transaction.listener {
        case .one(let promise): promise.succeed(result)
        case .batch(let batch): batch.add(result)
        }
        if !transactions.isEmpty, transactions.allSatisfy(\.isCancelled) { return machine.abandon(Self.cancelled) }
        feed()
    }

    /// Begins messages of batches as long as there is room.
    private func feed() {
        while let batch = batches.first {
            guard failure == nil, let message = batch.next else {
                batches.removeFirst()
                batch.end()
                continue
            }
            guard machine.canBegin || machine.canFollow else {
                // Not while a session ends.
                if transactions.isEmpty { failBatches() }
                return
            }
            batch.begun()
            let end = batch.timeout.map { NIODeadline.now() + $0 }
            transactions.append(
                Transaction(content: .memory(message.content), listener: .batch(batch), end: end))
            machine.begin(message.envelope, size: UInt64(message.content.readableBytes), message: message.content)
        }
    }

    private func failBatches() {
        for batch in batches { batch.end() }
        batches = []
    }

    /// Where the roles change, the channel is left as it is, for whoever serves on it.
    private func answered(_ reply: SMTPReply, hasTurned: Bool) {
        if hasTurned {
            failure = SMTPError.turned
            timer?.cancel()
            // Nothing is read before somebody takes this handler's place.
            try? context?.channel.syncOptions?.setOption(.autoRead, value: false)
            context?.pipeline.syncOperations.removeHandler(self, promise: nil)
        }
        let waiting = request
        request = nil
        waiting?.succeed(reply)
    }

    private func fail(_ error: SMTPError) {
        failure = error
        request?.fail(error)
        request = nil
        for waiter in readyWaiters { waiter.fail(error) }
        readyWaiters = []
        failBatches()
    }

    private func close() {
        failure = failure ?? SMTPError.ended
        failBatches()
        context?.flush()
        context?.close(promise: nil)
    }
}

// MARK: - Deadlines

extension ClientDriver {
    /// Grants the time of the stage from now on, or what the operation has left of its own. The timer is not moved to a
    /// later time: when it fires it looks how much is left.
    private func updateDeadline() {
        let stage = machine.stage
        guard stage != .idle, failure == nil else {
            deadline = nil
            return
        }
        let wait = min(stage.timeout, longestWait ?? stage.timeout)
        let stageEnd = NIODeadline.now() + TimeAmount(wait)
        let end = min(stageEnd, transactions.first?.end ?? openingEnd ?? stageEnd)
        deadline = end
        if let timerEnd, timerEnd <= end { return }
        startTimer(end)
    }

    private func startTimer(_ end: NIODeadline) {
        timer?.cancel()
        timerEnd = end
        timer = context?.eventLoop.assumeIsolated().scheduleTask(deadline: end) { [weak self] in self?.timerFired() }
    }

    private func timerFired() {
        (timer, timerEnd) = (nil, nil)
        guard let deadline else { return }
        if NIODeadline.now() < deadline { return startTimer(deadline) }
        machine.timedOut()
        run()
    }
}

extension SMTPError {
    fileprivate static let ended = SMTPError(
        stage: .quit, isTransient: true, description: "the session was ended with QUIT")
    fileprivate static let turned = SMTPError(
        stage: .request, isTransient: true, description: "the server is the client now")
    fileprivate static let notAtRest = SMTPError(
        stage: .idle, isTransient: true, description: "the connection carries no more messages at a time")
}
