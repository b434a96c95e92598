import MilterCore
import NIOCore

/// Drives one milter machine on one channel. It reads only while somebody waits for an answer, so that a filter that sends
/// without end fills nobody's memory.
final class MilterHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var machine: MilterMachine
    private let patience: MilterPatience
    private let loop: any EventLoop
    private var context: ChannelHandlerContext?
    private var waiting: EventLoopPromise<MilterConnection.Answer>?
    private var timer: Scheduled<Void>?
    private var failure: MilterFailure?
    /// How long an answer may take, and when the last one has to be there.
    private var time = Duration.zero
    private var end = NIODeadline.distantFuture

    init(_ machine: MilterMachine, patience: MilterPatience, on loop: any EventLoop) {
        self.machine = machine
        self.loop = loop
        self.patience = patience
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: What is asked of it

    /// Waits until the filter has agreed on the protocol.
    func agree() -> EventLoopFuture<MilterConnection.Answer> {
        begin(patience.connect)
        return next()
    }

    func ask(_ event: MilterEvent, _ macros: [MilterMacro]) -> EventLoopFuture<MilterConnection.Answer> {
        if machine.isReady {
            machine.tell(event, macros: macros)
        } else {
            fail(.unreachable("its answer was not heard out"))
        }
        begin(patience.time(for: event))
        return next()
    }

    private func begin(_ time: Duration) {
        self.time = time
        end = .now() + TimeAmount(max(time, patience.longest))
    }

    /// Tells an event without an answer.
    func tell(_ event: MilterEvent) {
        guard failure == nil, machine.isReady else { return }
        machine.tell(event)
        pump()
    }

    func quit() {
        tell(.quit)
        fail(.unreachable("the session is over"))
    }

    /// Waits for what the filter says next.
    func next() -> EventLoopFuture<MilterConnection.Answer> {
        let promise = loop.makePromise(of: MilterConnection.Answer.self)
        guard let context, failure == nil, waiting == nil else {
            promise.fail(failure ?? .unreachable("the connection is gone"))
            return promise.futureResult
        }
        waiting = promise
        armTimer(context)
        pump()
        return promise.futureResult
    }

    // MARK: The channel's events

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        machine.receive(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { pump() }

    func channelInactive(context: ChannelHandlerContext) { fail(.unreachable("it has closed the connection")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(.unreachable("\(error)")) }

    // MARK: The machine's actions

    private func pump() {
        guard let context else { return }
        while failure == nil, let action = machine.next() {
            switch action {
            case .send(let octets): context.write(wrapOutboundOut(octets), promise: nil)
            case .progress: armTimer(context)
            case .ready: answer(.verdict(.proceed))
            case .change(let change): return answer(.change(change))
            case .verdict(let verdict): answer(.verdict(verdict))
            case .fail(let failure): fail(failure)
            }
        }
        context.flush()
        if waiting != nil { context.read() }
    }

    private func answer(_ answer: MilterConnection.Answer) {
        timer?.cancel()
        let promise = waiting
        waiting = nil
        promise?.succeed(answer)
    }

    private func fail(_ failure: MilterFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        timer?.cancel()
        let promise = waiting
        waiting = nil
        promise?.fail(failure)
        context?.flush()
        context?.close(promise: nil)
    }

    private func armTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let deadline = min(.now() + TimeAmount(time), end)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in self?.fail(.late) }
    }
}
