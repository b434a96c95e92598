import MailCore

import struct NIOCore.ByteBuffer

/// The session: greeting, hello, and its end.
extension SMTPClientMachine {
    mutating func handle(_ reply: SMTPReply) {
        let command = awaiting.popFirst() ?? Command(stage: stage, text: "")
        isAnswering = true
        act(.replied(SMTPExchange(stage: command.stage, command: command.text, reply: reply)))
        if reply.code == 421, command.stage != .quit { return fail(.refused(reply), at: command.stage) }
        if reply.severity == .positiveIntermediate, command.stage != .data, command.stage != .auth {
            return fail(.violation("the server wants more where there is no more: \(reply)"), at: command.stage)
        }
        switch command.stage {
        case .greeting: greeted(reply)
        case .hello: helloAnswered(reply, command: command.text)
        case .startTLS: startTLSAnswered(reply)
        case .auth: authenticationAnswered(reply)
        case .mail: mailAnswered(reply)
        case .rcpt: recipientAnswered(reply)
        case .data: dataAnswered(reply)
        case .endOfData: contentAnswered(reply)
        case .reset: resetAnswered()
        case .request: requestAnswered(reply)
        case .quit: close()
        case .content where !reply.isPositive: contentInterrupted(reply)
        case .idle where !reply.isPositive: fail(.refused(reply), at: .idle)
        case .connect, .content, .idle: fail(.violation("a reply came that nothing had asked for: \(reply)"))
        }
        sendFollowing()
    }

    private mutating func greeted(_ reply: SMTPReply) {
        guard reply.severity == .positiveCompletion else { return refuse(reply, at: .greeting) }
        sendHello()
    }

    mutating func sendHello() {
        send(.hello, variant == .lmtp ? "LHLO \(localName)" : "EHLO \(localName)")
    }

    private mutating func helloAnswered(_ reply: SMTPReply, command: String) {
        if reply.severity == .positiveCompletion {
            if !command.hasPrefix("HELO") { extensions = ServerExtensions(reply) }
            if !beginsTLS(), !beginsAuthentication() { becomeReady() }
        } else if reply.severity == .permanentNegative, command.hasPrefix("EHLO") {
            send(.hello, "HELO \(localName)")
        } else {
            refuse(reply, at: .hello)
        }
    }

    mutating func becomeReady() {
        phase = .ready
        act(.ready(extensions))
        if transaction != nil { startTransaction() } else if wantsQuit { sendQuit() }
    }

    /// Ends the session because the server will have none of it, with the QUIT it is owed (RFC 5321 §3.1).
    private mutating func refuse(_ reply: SMTPReply, at stage: SMTPStage) {
        act(.send(ByteBuffer(string: "QUIT\r\n")))
        fail(.refused(reply), at: stage)
    }

    mutating func send(_ stage: SMTPStage, _ text: String) {
        send([Command(stage: stage, text: text)])
    }

    /// Sends commands together. No address or name may end its line and go on as a command of its own.
    mutating func send(_ commands: [Command]) {
        if commands.contains(where: { $0.text.utf8.contains(where: \.isASCIIControl) }) {
            return fail(.abandoned("a command would hold a control character"))
        }
        var buffer = ByteBuffer()
        buffer.reserveCapacity(commands.reduce(0) { $0 + $1.text.utf8.count + 2 })
        for command in commands {
            buffer.writeString(command.text)
            buffer.writeStaticString("\r\n")
        }
        awaiting += commands
        act(.send(buffer))
    }

    mutating func sendQuit() { send(.quit, "QUIT") }

    mutating func close() {
        guard phase != .closed else { return }
        phase = .closed
        awaiting = []
        act(.close)
    }

    mutating func fail(_ reason: SessionFailure.Reason) { fail(reason, at: stage) }

    mutating func fail(_ reason: SessionFailure.Reason, at stage: SMTPStage) {
        guard phase != .closed else { return }
        let failure = SessionFailure(stage: stage, reason: reason)
        let sent = (transaction.map { [$0] } ?? []) + following.prefix(sentFollowing)
        for (index, transaction) in sent.enumerated() {
            let stage = end(of: transaction, isFirst: index == 0, with: failure)
            act(.finished(transaction.result(extensions, failure: SessionFailure(stage: stage, reason: reason))))
        }
        for transaction in following.dropFirst(sentFollowing) {
            act(.finished(transaction.result(extensions, failure: SessionFailure(stage: .idle, reason: reason))))
        }
        (transaction, following, sentFollowing) = (nil, [], 0)
        act(.failed(failure))
        close()
    }
    /// Where a transaction that has been sent is when the session ends. What went out whole behind another message may have
    /// been taken though nothing was said about it; but a server that ends the session in so many words has done nothing
    /// of what came behind.
    private func end(of transaction: ClientTransaction, isFirst: Bool, with failure: SessionFailure) -> SMTPStage {
        let isRefusal = failure.reply != nil
        if transaction.isSentBehind, !isRefusal { return .endOfData }
        return isFirst && !(isRefusal && transaction.awaitsReset) ? failure.stage : .idle
    }
}
