import MailCore
import MailSASL
import NIOCore
import SMTPClient
import SMTPCore

/// Speaks with one server, stage by stage, and tells what it says.
final class SessionProbe {
    let options: SessionProbeOptions
    let report: ProbeReport
    var dialogue: SMTPDialogue?
    private(set) var extensions = ServerExtensions()
    /// The lines of the last reply to EHLO; of the next one only what is new is told.
    private var offers: [String] = []
    /// Whether the server hears hello once more, since XCLIENT or TLS made it forget all that was said.
    var isGreetedAgain = false
    var isEncrypted = false
    /// What proves to a server that it is this TLS session in which somebody logs in.
    var channelBinding: SASLChannelBinding?

    init(_ options: SessionProbeOptions, report: ProbeReport) {
        self.options = options
        self.report = report
    }

    /// - Throws: `ProbeEnd`, or `CancellationError`.
    func run(_ place: ProbePlace) async throws {
        do {
            try await stages(place)
            await quit()
        } catch ProbeEnd.quit(let stage) {
            await quit()
            throw ProbeEnd.quit(after: stage)
        } catch {
            if case ProbeEnd.failed = error, dialogue?.isOpen ?? false { await quit() }
            await dialogue?.close()
            throw error
        }
    }

    private func stages(_ place: ProbePlace) async throws {
        try await connect(place)
        if options.encryption.when == .implicit { try await encrypt() }
        try await step(.banner, name: "banner", sending: nil)
        if isEncrypted { try end(.tls) }
        try await hello()
        if options.encryption.when == .starttls, extensions.offers("STARTTLS") { try await startTLS() }
        tellOffers()
        if let xclient = options.xclient { try await tell(xclient) }
        if let login = options.login { try await logIn(login) }
        switch options.errand {
        case .look: if options.checksRelay { try await checkRelay() }
        case .message(let message): try await send(message)
        }
    }

    // MARK: Stages

    private func connect(_ place: ProbePlace) async throws {
        let start = ContinuousClock.now
        do {
            let dialogue = try await place.connect(timeout: options.timeout)
            self.dialogue = dialogue
            report.add(ProbeStep("connect", ["\(place)"], took: ContinuousClock.now - start))
            if let header = options.proxyHeader { dialogue.send(ByteBuffer(bytes: header)) }
            if options.dropAfterSend == .connect { throw ProbeEnd.dropped(.connect, afterSending: true) }
            try end(.connect)
        } catch let error as SMTPError {
            report.add(ProbeStep("connect", verdict: .failed, [error.description], took: ContinuousClock.now - start))
            throw ProbeEnd.failed(.tryAgain, stage: "connect", "\(error)\(error.hint.map { ". \($0)" } ?? "")")
        } catch let error as InputError {
            throw ProbeEnd.failed(error.status, stage: "connect", error.description)
        }
    }

    func hello() async throws {
        let verb = options.isLMTP ? "LHLO" : "EHLO"
        var reply = try await ask(.ehlo, "\(verb) \(options.localName)")
        var name = verb.lowercased()
        if reply.reply.severity == .permanentNegative, !options.isLMTP {
            report.add(ProbeStep("ehlo", verdict: .warning, ["\(reply.reply)"], took: reply.time))
            reply = try await ask(.ehlo, "HELO \(options.localName)")
            name = "helo"
        }
        var step = ProbeStep(name, reply.reply, took: reply.time)
        if reply.reply.isPositive, name != "helo" {
            let before = isGreetedAgain ? offers : []
            extensions = ServerExtensions(reply.reply)
            offers = Array(reply.reply.lines.dropFirst())
            step.lines = ["\(reply.reply.code) \(reply.reply.lines[0])"] + offers.filter { !before.contains($0) }
            step.extensions = extensions.keywords
        }
        report.add(step)
        try check(reply.reply, .ehlo)
        if !isGreetedAgain { try end(.ehlo) }
    }

    private func tell(_ xclient: String) async throws {
        guard extensions.offers("XCLIENT") else {
            let text = "the server offers no XCLIENT to this host"
            report.add(ProbeStep("xclient", verdict: .failed, [text]))
            throw ProbeEnd.failed(.unavailable, stage: "xclient", text)
        }
        try await step(.xclient, name: "xclient", sending: "XCLIENT \(xclient)")
        isGreetedAgain = true
        try await hello()
    }

    private func tellOffers() {
        if !isEncrypted {
            let offersTLS = extensions.offers("STARTTLS")
            report.add(
                ProbeStep(
                    "tls", verdict: offersTLS ? .ok : .warning,
                    [offersTLS ? "STARTTLS is offered" : "STARTTLS is not offered"]))
        }
        let mechanisms = extensions.keywords["AUTH"]
        report.add(ProbeStep("auth", [mechanisms.map { $0.joined(separator: " ") } ?? "not offered here"]))
    }

    /// Asks whether the server would take mail from anybody for anybody. No message is sent.
    private func checkRelay() async throws {
        let sender = try await ask(.mail, "MAIL FROM:\(options.sender)")
        guard sender.reply.isPositive else {
            return report.add(
                ProbeStep("relay", verdict: .warning, ["cannot be checked: \(sender.reply)"], took: sender.time))
        }
        try end(.mail)
        let recipient = try await ask(.rcpt, "RCPT TO:<\(options.relayRecipient)>")
        report.add(relayStep(recipient))
        try end(.rcpt)
        _ = try await ask(nil, "RSET")
    }

    private func relayStep(_ answer: (reply: SMTPReply, time: Duration)) -> ProbeStep {
        var step = ProbeStep("relay", answer.reply, took: answer.time)
        step.verdict = answer.reply.isPositive ? .warning : .ok
        step.lines =
            answer.reply.isPositive
            ? ["takes mail for <\(options.relayRecipient)>: an open relay, unless it trusts this host"]
            : ["refuses mail for <\(options.relayRecipient)>: \(answer.reply)"]
        return step
    }

    private func send(_ message: ProbeMessage) async throws {
        let needs8Bit = message.content.contains { $0 >= 0x80 }
        if needs8Bit, !extensions.eightBitMIME {
            throw ProbeEnd.failed(.data, stage: "mail", "the message is not ASCII, and the server offers no 8BITMIME")
        }
        try await step(.mail, name: "mail", sending: "MAIL FROM:\(options.sender)\(needs8Bit ? " BODY=8BITMIME" : "")")
        var accepted = 0
        var refusal: SMTPReply?
        for recipient in message.recipients {
            let answer = try await ask(.rcpt, "RCPT TO:<\(recipient)>")
            var step = ProbeStep("rcpt", answer.reply, took: answer.time)
            step.lines = ["<\(recipient)>: \(answer.reply)"]
            report.add(step)
            if answer.reply.isPositive { accepted += 1 } else { refusal = answer.reply }
        }
        if accepted == 0, let refusal { try check(refusal, .rcpt) }
        try end(.rcpt)
        try await step(.data, name: "data", sending: "DATA")
        try await sendContent(message, recipients: accepted)
        if let refusal { try check(refusal, .rcpt) }
    }

    private func sendContent(_ message: ProbeMessage, recipients: Int) async throws {
        let content = message.wire
        report.dialogue(sent: "[\(message.content.count) octets of message]")
        var failure: SMTPReply?
        for index in 0..<(options.isLMTP ? recipients : 1) {
            let answer = try await exchange(.dot, index == 0 ? content : nil)
            report.add(ProbeStep("dot", answer.reply, took: answer.time))
            if !answer.reply.isPositive { failure = answer.reply }
        }
        if let failure { try check(failure, .dot) }
        try end(.dot)
    }

    // MARK: One exchange

    private func step(_ stage: ProbeStage, name: String, sending command: String?) async throws {
        let answer = try await ask(stage, command)
        report.add(ProbeStep(name, answer.reply, took: answer.time))
        try check(answer.reply, stage)
        try end(stage)
    }

    func ask(_ stage: ProbeStage?, _ command: String?) async throws -> (reply: SMTPReply, time: Duration) {
        if let command { report.dialogue(sent: command) }
        return try await exchange(stage, command.map { ByteBuffer(string: "\($0)\r\n") })
    }

    func exchange(_ stage: ProbeStage?, _ octets: ByteBuffer?) async throws -> (
        reply: SMTPReply, time: Duration
    ) {
        guard let dialogue else { preconditionFailure("nothing is said before there is a connection") }
        let start = ContinuousClock.now
        if let octets { dialogue.send(octets) }
        if let stage, options.dropAfterSend == stage { throw ProbeEnd.dropped(stage, afterSending: true) }
        do {
            let reply = try await dialogue.reply(within: options.timeout, at: stage?.stage ?? .reset)
            var wire = ByteBuffer()
            (stage == .auth ? reply.withoutSecrets : reply).write(to: &wire)
            for line in String(buffer: wire).split(separator: "\r\n") { report.dialogue(received: String(line)) }
            return (reply, ContinuousClock.now - start)
        } catch let failure as SessionFailure {
            let name = stage?.rawValue ?? "reset"
            report.add(
                ProbeStep(name, verdict: .failed, [failure.description], took: ContinuousClock.now - start))
            throw Self.end(failure, stage: name)
        }
    }

    private static func end(_ failure: SessionFailure, stage: String) -> ProbeEnd {
        switch (failure.reason, failure.stage) {
        case (.violation, _):
            .failed(.protocol, stage: stage, "\(failure). Is it a mail server that listens there?")
        case (.timedOut, .greeting):
            .failed(.tryAgain, stage: stage, "\(failure). It may want TLS from the start, or keep back who is new.")
        default: .failed(.tryAgain, stage: stage, "\(failure)")
        }
    }

    func check(_ reply: SMTPReply, _ stage: ProbeStage) throws {
        guard !reply.isPositive else { return }
        throw ProbeEnd.failed(
            reply.severity == .transientNegative ? .tryAgain : .unavailable, stage: stage.rawValue,
            "the server says no at \(stage.rawValue): \(reply)")
    }

    /// Goes no further than was asked for.
    func end(_ stage: ProbeStage) throws {
        if options.dropAfter == stage { throw ProbeEnd.dropped(stage, afterSending: false) }
        if options.quitAfter == stage { throw ProbeEnd.quit(after: stage) }
    }

    private func quit() async {
        guard let dialogue, dialogue.isOpen else { return }
        report.dialogue(sent: "QUIT")
        let start = ContinuousClock.now
        dialogue.send(ByteBuffer(string: "QUIT\r\n"))
        if let reply = try? await dialogue.reply(within: min(options.timeout, .seconds(30)), at: .quit) {
            report.dialogue(received: reply.description)
            report.add(ProbeStep("quit", reply, took: ContinuousClock.now - start))
        }
        await dialogue.close()
    }
}
