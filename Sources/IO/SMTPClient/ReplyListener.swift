import NIOCore
import SMTPCore

/// Reads replies on the event loop of its channel, and keeps those that nobody waited for.
final class ReplyListener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Replies that nobody asked for; more of them are an attack.
    private static let mostUnread = 100

    private struct Wait {
        let promise: EventLoopPromise<SMTPReply>
        let stage: SMTPStage
        let timer: Scheduled<Void>
    }

    private var context: ChannelHandlerContext?
    private var parser = ReplyParser()
    private var input = ByteBuffer()
    private var replies: ArraySlice<SMTPReply> = []
    private var end: SessionFailure.Reason?
    private var waiting: Wait?

    /// - Precondition: nobody waits yet.
    func wait(_ promise: EventLoopPromise<SMTPReply>, at stage: SMTPStage, within time: TimeAmount) {
        precondition(waiting == nil)
        if let reply = replies.popFirst() { return promise.succeed(reply) }
        guard end == nil, let context else {
            return promise.fail(SessionFailure(stage: stage, reason: end ?? .closedByServer))
        }
        let timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] () -> Void in
            self?.fail(.timedOut)
        }
        waiting = Wait(promise: promise, stage: stage, timer: timer)
    }

    func giveUp() {
        guard let wait = takeWait() else { return }
        wait.promise.fail(CancellationError())
    }

    func unread() -> SMTPReply? { replies.popFirst() }

    private func takeWait() -> Wait? {
        defer { waiting = nil }
        waiting?.timer.cancel()
        return waiting
    }

    private func fail(_ reason: SessionFailure.Reason) {
        guard let wait = takeWait() else { return }
        wait.promise.fail(SessionFailure(stage: wait.stage, reason: reason))
    }

    private func finish(_ reason: SessionFailure.Reason) {
        end = end ?? reason
        fail(reason)
    }
}

// What the channel tells.
extension ReplyListener {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.closedByServer)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard end == nil else { return }
        input.writeImmutableBuffer(unwrapInboundIn(data))
        do throws(ReplyError) {
            while let reply = try parser.next(from: &input) { try take(reply) }
        } catch {
            finish(.violation(error.description))
            context.close(promise: nil)
        }
        input.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.closedByServer)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.closedByServer)
        context.close(promise: nil)
    }

    private func take(_ reply: SMTPReply) throws(ReplyError) {
        if let wait = takeWait() { return wait.promise.succeed(reply) }
        guard replies.count < Self.mostUnread else { throw .tooLong }
        replies.append(reply)
    }
}
