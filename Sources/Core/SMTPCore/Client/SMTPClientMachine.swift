public import MailCore
public import MailSASL

public import struct NIOCore.ByteBuffer

/// The client's side of SMTP (RFC 5321) or LMTP (RFC 2033): told what arrives, it says what to do, without any I/O.
///
/// After each event the driver takes actions until there are none. One session carries any number of transactions, one
/// after another. With PIPELINING the next may be begun while one is in progress: its commands then go out right behind
/// the end of the message (RFC 2920 §3.1), which saves a round trip. With CHUNKING too, many may be begun, and whole
/// transactions go out one behind another (RFC 3030 §4.2).
public struct SMTPClientMachine: Sendable {
    public enum Variant: Hashable, Sendable {
        case smtp, lmtp
    }

    /// What a session is in.
    enum Phase: Equatable {
        /// Greeting and hello have not been exchanged yet.
        case opening
        case ready
        /// The server waits for the message.
        case content
        /// TLS is being set up below this machine.
        case handshake
        case closed
    }

    struct Command {
        let stage: SMTPStage
        let text: String
    }

    let variant: Variant
    let localName: String
    let remoteHost: String?
    let encryption: SMTPClientEncryption
    var isEncrypted = false
    var authentication: ClientAuthentication?
    /// Whether the server knows who this side is.
    public internal(set) var isAuthenticated = false
    var channelBinding: SASLChannelBinding?
    var phase = Phase.opening
    var extensions = ServerExtensions()
    var transaction: ClientTransaction?
    /// Those after it, in their order.
    var following: ArraySlice<ClientTransaction> = []
    /// How many of `following` have gone out, the first of them.
    var sentFollowing = 0
    /// Octets of the messages in `following` that have gone out.
    var octetsBehind = 0
    /// Whether the server has said anything since there was a transaction again.
    var isAnswering = false
    /// What was sent and not answered; the greeting answers the connection itself.
    var awaiting: ArraySlice<Command> = [Command(stage: .greeting, text: "")]
    var wantsQuit = false
    /// The request that is not answered yet.
    var request: MailRequest?
    private var actions: ArraySlice<SMTPClientAction> = []
    private(set) var input = ByteBuffer()
    private var parser = ReplyParser()
    private var stuffer = DotStuffer()

    /// - Parameters:
    ///   - localName: what EHLO says of this host: its name, or an address literal.
    ///   - remoteHost: the server's name for outcomes.
    ///   - encryption: whether the session is to be encrypted. With `.implicit` the machine waits for `tlsEstablished`
    ///     before anything else.
    ///   - isEncrypted: whether the connection is encrypted already; `encryption` is then `.never`.
    ///   - authentication: who to log in as; without that there is no session.
    public init(
        _ variant: Variant = .smtp, localName: MailHost, remoteHost: String? = nil,
        encryption: SMTPClientEncryption = .never, isEncrypted: Bool = false,
        authentication: SMTPClientAuthentication? = nil
    ) {
        self.authentication = authentication.map { ClientAuthentication(settings: $0) }
        self.isEncrypted = isEncrypted
        self.variant = variant
        self.localName = localName.description
        self.remoteHost = remoteHost
        self.encryption = encryption
        guard encryption == .implicit else { return }
        phase = .handshake
        actions = [.startTLS]
    }

    /// What the session waits for now, and so how long it may.
    public var stage: SMTPStage {
        if phase == .handshake { return .startTLS }
        return awaiting.first?.stage ?? (phase == .content ? .content : .idle)
    }

    /// Whether `begin` may be called, and nothing is in progress.
    public var canBegin: Bool { transaction == nil && request == nil && !wantsQuit && phase != .closed }

    /// Whether `begin` may be called for a transaction after the one in progress, and after those that follow it already:
    /// with PIPELINING one, with CHUNKING too as many as go out together twice.
    public var canFollow: Bool {
        transaction != nil && !wantsQuit && phase != .closed && variant == .smtp && extensions.pipelining
            && following.count < (extensions.chunking ? 2 * Self.mostTogether - 1 : 1)
    }

    /// Transactions that are sent without the answer to the first of them: so many at most may be in doubt if the session
    /// breaks off.
    public static let mostTogether = 16
    /// Octets of their messages, the first not counted.
    static let mostOctetsBehind = 128 << 10

    /// What to do now; nil until something happens.
    public mutating func next() -> SMTPClientAction? { actions.popFirst() }

    mutating func act(_ action: SMTPClientAction) { actions.append(action) }
}

// MARK: - Events

extension SMTPClientMachine {
    /// Octets have arrived.
    public mutating func receive(_ bytes: ByteBuffer) {
        guard phase != .closed, phase != .handshake else { return }
        input.writeImmutableBuffer(bytes)
        do throws(ReplyError) {
            while phase != .closed, phase != .handshake, let reply = try parser.next(from: &input) { handle(reply) }
        } catch {
            fail(.violation(error.description))
        }
        input.discardReadBytes()
    }

    /// The handshake that `.startTLS` asked for, or that the connection began with, is done. What the server said before
    /// it is forgotten (RFC 3207 §4.2).
    ///
    /// - Parameter channelBinding: what binds AUTH to the session.
    /// - Precondition: a handshake was under way.
    public mutating func tlsEstablished(channelBinding: SASLChannelBinding? = nil) {
        precondition(phase == .handshake)
        self.channelBinding = channelBinding
        isEncrypted = true
        phase = .opening
        extensions = ServerExtensions()
        if awaiting.isEmpty { sendHello() }
    }

    /// The handshake came to nothing.
    public mutating func tlsFailed(_ reason: String) { fail(.tls(reason), at: .startTLS) }

    /// Begins a transaction, as soon as the server has been greeted, and behind the one in progress. `.finished` will tell
    /// how it ended; the transactions end in the order in which they were begun.
    ///
    /// - Parameters:
    ///   - envelope: with a recipient at least.
    ///   - size: the message's octets, where they are known; a message that goes with BDAT and is not at hand needs it.
    ///   - message: the message, if all of it is at hand: where the server offers CHUNKING it is sent at once, and
    ///     `.needContent` does not come.
    ///   - isText: whether a message that is not at hand is lines that end with CRLF, the last one too, without a NUL:
    ///     then it goes with one BDAT, octet for octet, where the server offers CHUNKING.
    /// - Precondition: `canBegin` or `canFollow`.
    public mutating func begin(
        _ envelope: Envelope, size: UInt64?, message: ByteBuffer? = nil, isText: Bool = false
    ) {
        precondition((canBegin || canFollow) && !envelope.recipients.isEmpty)
        let mayChunk = extensions.chunking || phase == .opening || phase == .handshake
        let chunk = mayChunk ? message.flatMap { MessageChunk($0, body: envelope.options.body) } : nil
        let new = ClientTransaction(envelope, size: size, chunk: chunk, isText: isText, remoteHost: remoteHost)
        if transaction == nil {
            transaction = new
            isAnswering = false
            if phase == .ready { startTransaction() }
        } else {
            following.append(new)
            sendFollowing()
        }
    }

    /// The next piece of the message; after `.needContent`. What comes behind the end of the session is left out.
    public mutating func append(_ piece: ByteBuffer) {
        guard phase == .content else { return }
        if isStreamingChunk { return appendToStream(piece) }
        let encoded = stuffer.encode(piece)
        if encoded.readableBytes > 0 { act(.sendContent(encoded)) }
    }

    /// The message is complete.
    public mutating func endContent() {
        guard phase == .content else { return }
        if isStreamingChunk { return endStream() }
        let end = stuffer.finish()
        if end.readableBytes > 0 { act(.sendContent(end)) }
        phase = .ready
        act(.send(ByteBuffer(string: ".\r\n")))
        awaitEndOfData()
        sendFollowing()
    }

    /// The message has been sent. With LMTP there is a reply to it for each accepted recipient; the next one is awaited
    /// when one has come.
    mutating func awaitEndOfData() { awaiting.append(Command(stage: .endOfData, text: ".")) }

    /// Ends the session, once the transaction in progress is over.
    public mutating func quit() {
        guard phase != .closed, !wantsQuit else { return }
        wantsQuit = true
        if phase == .ready, transaction == nil, request == nil { sendQuit() }
    }

    /// The server closed the connection.
    public mutating func connectionClosed() {
        if stage == .quit { close() } else { fail(.closedByServer) }
    }

    /// The server let the time of `stage` pass.
    public mutating func timedOut() {
        if stage == .quit { close() } else { fail(.timedOut) }
    }

    /// This side cannot go on: the message cannot be read, or the caller has no more time.
    public mutating func abandon(_ reason: String) { fail(.abandoned(reason)) }
}
