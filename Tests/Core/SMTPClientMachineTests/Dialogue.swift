import MailCore
import NIOCore
import SMTPCore

/// A client machine, played with by hand. It takes every action at once and keeps what came of it.
struct Dialogue {
    var machine: SMTPClientMachine
    private(set) var sent = ""
    private(set) var results: [TransactionResult] = []
    private(set) var failures: [SessionFailure] = []
    private(set) var extensions: ServerExtensions?
    private(set) var isClosed = false
    /// What was said to ETRN, ATRN and TURN.
    private(set) var answers: [(reply: SMTPReply, hasTurned: Bool)] = []
    /// All actions, with pieces of content joined.
    private(set) var actions: [SMTPClientAction] = []
    let content: String

    init(
        _ variant: SMTPClientMachine.Variant = .smtp, content: String = "Subject: Hello\r\n\r\n.Hello\r\n",
        encryption: SMTPClientEncryption = .never
    ) throws {
        machine = SMTPClientMachine(
            variant, localName: .domain(try Domain("client.example")), remoteHost: "mx.example", encryption: encryption)
        self.content = content
    }

    /// What the client sends in answer to what the server says.
    @discardableResult
    mutating func server(_ text: String) -> String {
        perform { $0.receive(ByteBuffer(string: text)) }
    }

    @discardableResult
    mutating func perform(_ event: (inout SMTPClientMachine) -> Void) -> String {
        let before = sent.endIndex
        event(&machine)
        while let action = machine.next() { take(action) }
        return String(sent[before...])
    }

    private mutating func take(_ action: SMTPClientAction) {
        actions.append(action)
        switch action {
        case .send(let buffer), .sendContent(let buffer): sent += String(buffer: buffer)
        case .needContent:
            machine.append(ByteBuffer(string: content))
            machine.endContent()
        case .replied, .startTLS: break
        case .ready(let extensions): self.extensions = extensions
        case .finished(let result): results.append(result)
        case .answered(let reply, let hasTurned): answers.append((reply, hasTurned))
        case .failed(let failure): failures.append(failure)
        case .close: isClosed = true
        }
    }

    /// Greets, and offers what is given.
    mutating func open(_ keywords: String...) {
        server("220 mx.example ESMTP\r\n")
        let lines = ["mx.example"] + keywords
        server(lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)\r\n" }.joined())
    }

    /// - Parameter message: what is at hand before the server asks.
    mutating func begin(
        _ recipients: String..., options: EnvelopeOptions = .init(), size: UInt64? = nil, message: String? = nil
    ) throws -> String {
        let envelope = try Envelope(
            reversePath: .mailbox(EmailAddress("ann@client.example")),
            recipients: recipients.map { EnvelopeRecipient(try EmailAddress("\($0)@mx.example")) }, options: options)
        return perform { $0.begin(envelope, size: size, message: message.map { ByteBuffer(string: $0) }) }
    }

    var outcomes: [Outcome.Action] { results.last?.outcomes.map(\.action) ?? [] }
    var statuses: [String] { results.last?.outcomes.map { "\($0.status)" } ?? [] }
}
