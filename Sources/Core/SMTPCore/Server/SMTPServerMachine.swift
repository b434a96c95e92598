import MailCore

public import struct NIOCore.ByteBuffer

/// The receiving side of SMTP and LMTP without a socket, a clock or an opinion: octets go in by `receive`, what to do
/// comes out of `next`, and what is not the machine's to decide is asked and answered.
///
/// Every command passes four questions in this order: is it well written (`CommandParser`), does it fit here (this
/// machine), is it allowed (`.ask`), and then its effect. What the peer does wrong is a reply; what the driver does wrong
/// is a precondition failure.
public struct SMTPServerMachine: Sendable {
    enum Phase: Equatable {
        case deciding(SMTPServerQuestion)
        case command
        /// Reads the content behind DATA.
        case content
        /// Reads the octets of one BDAT.
        case chunk(ChunkCommand)
        /// Reads and forgets the octets of a refused BDAT, then gives these replies.
        case skippingChunk(remaining: UInt64, [SMTPReply])
        /// Waits for the answer to a challenge.
        case authentication
        case handshake
        case closed
    }

    public let configuration: SMTPServerConfiguration
    var session = SMTPServerSession()
    var transaction: SMTPServerTransaction?
    var phase = Phase.deciding(.greeting)
    /// The reader of the present message; nil outside of content.
    var reader: ContentReader?
    /// The BDAT whose octets come once it is decided that there is room for them.
    var awaitedChunk: ChunkCommand?
    private var input = ByteBuffer()
    var lines = CommandLineReader()
    /// The line that was read last, unless it answered a challenge.
    private var line: [UInt8] = []
    /// Whether the last command was an AUTH that was refused: what a client sends behind it in good faith is its secret.
    var secretsMayFollow = false
    private var pending: [SMTPServerAction] = [.ask(.greeting)]
    private var sawInput = false
    private var inputHasEnded = false
    private var isShuttingDown = false

    /// - Parameter beginsWithTLS: whether the handshake comes before the greeting (implicit TLS, RFC 8314 §3). The machine
    ///   then waits for `tlsEstablished`.
    public init(configuration: SMTPServerConfiguration, beginsWithTLS: Bool = false) {
        self.configuration = configuration
        guard beginsWithTLS else { return }
        phase = .handshake
        pending = []
    }

    // MARK: What comes in

    /// Takes what arrived.
    public mutating func receive(_ bytes: ByteBuffer) {
        guard phase != .closed else { return }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            var bytes = bytes
            input.writeBuffer(&bytes)
        }
    }

    /// The peer will send nothing more; what it has sent is still worked off.
    public mutating func inputEnded() {
        inputHasEnded = true
    }

    /// Ends the session as soon as no transaction is open (421).
    public mutating func shutDown() {
        isShuttingDown = true
    }

    /// Ends the session at once, because the peer let a time pass (421).
    public mutating func timedOut() {
        line = []
        end(with: .timedOut(configuration.hostname))
    }

    /// Ends the session, because the peer sent before it was its turn (554).
    public mutating func peerTalkedTooEarly() {
        end(with: .notThisEarly)
    }

    /// Ends the session at once with a reply, whatever it was doing.
    public mutating func end(with reply: SMTPReply) {
        guard phase != .closed else { return }
        pending.removeAll { $0 != .abandonTransaction }
        finish(with: reply)
    }

    /// The handshake that `.startTLS` asked for, or that the connection began with, is done.
    ///
    /// - Parameter clientIsKnown: whether the client has shown a certificate that was verified, so that EXTERNAL is for it.
    public mutating func tlsEstablished(clientIsKnown: Bool = false) {
        precondition(phase == .handshake, "there was no handshake to be done")
        session.encrypt(clientIsKnown: clientIsKnown)
        phase = .command
        if !session.isGreeted { ask(.greeting) }
    }

    // MARK: What is to be done

    /// What to do now; nil if it takes more input or an answer.
    public mutating func next() -> SMTPServerAction? {
        while pending.isEmpty {
            if advance() { continue }
            // Lets go of memory that others may use again.
            if input.readableBytes == 0 { input = ByteBuffer() }
            guard inputHasEnded, waiting != .verdict, waiting != .nothing else { return nil }
            abandonTransaction()
            close()
        }
        return pending.removeFirst()
    }

    /// Works off a part of the input; false if there is nothing to be done.
    private mutating func advance() -> Bool {
        switch phase {
        case .deciding, .handshake, .closed: return false
        case .command where isShuttingDown && transaction == nil:
            end(with: .shuttingDown(configuration.hostname))
            return true
        case .command, .authentication: return readLine()
        case .content, .chunk: return readContent()
        case .skippingChunk(let remaining, let replies): return skipChunk(remaining, then: replies)
        }
    }

    /// Octets of input that no action came of yet.
    public var unreadOctets: Int { input.readableBytes }

    /// What the peer is being waited for.
    public var waiting: SMTPServerWaiting {
        switch phase {
        case .deciding: .verdict
        case .command, .authentication: .command
        case .content, .chunk, .skippingChunk: .content
        case .handshake: .handshake
        case .closed: .nothing
        }
    }

    /// Whether content of a message has been asked for and is not complete, be it between two chunks.
    public var isReceivingContent: Bool { reader != nil }

    /// Whether MAIL was accepted and its message is not done.
    public var isInTransaction: Bool { transaction != nil }

    /// The command line that was read last, for a log: no more than its first 200 octets, and of AUTH no more than the
    /// mechanism. nil where there was none.
    public var lastLine: String? {
        let words = line.split { $0 <= ASCII.space }
        guard let verb = words.first else { return nil }
        guard verb.starts(with: "auth".utf8, by: { $0.asciiLowercased == $1 }) else {
            return String(utf8: line.prefix(Self.lastLineLimit))
        }
        return words.prefix(verb.count == 4 ? 2 : 1).map { String(utf8: $0.prefix(Self.lastLineLimit)) }
            .joined(separator: " ")
    }

    private static let lastLineLimit = 200

    // MARK: What the parts of the machine share

    mutating func say(_ reply: SMTPReply) {
        pending.append(.reply(reply))
    }

    mutating func perform(_ action: SMTPServerAction) {
        pending.append(action)
    }

    mutating func ask(_ question: SMTPServerQuestion) {
        pending.append(.ask(question))
        phase = .deciding(question)
    }

    mutating func close() {
        pending.append(.close)
        phase = .closed
        input.clear()
    }

    /// Gives the connection away. Input that is there was sent by a client that is none any more.
    mutating func handOver() {
        pending.append(.handOver)
        phase = .closed
        input.clear()
    }

    /// A negative reply that counts as an error of the peer's.
    mutating func complain(_ reply: SMTPReply) {
        say(reply)
        session.countError()
        if session.errors >= configuration.limits.errors { finish(with: .tooManyErrors(configuration.hostname)) }
    }

    /// The last reply, behind those that wait to be sent.
    mutating func finish(with reply: SMTPReply) {
        abandonTransaction()
        say(reply)
        close()
    }

    /// Forgets the transaction, if there is one, and tells whoever serves the machine.
    mutating func abandonTransaction() {
        giveUpContent()
        endTransaction()
    }

    mutating func beginHandshake() {
        perform(.startTLS)
        phase = .handshake
        // What stands behind STARTTLS in clear was never said (CVE-2011-0411).
        input.clear()
    }

    /// Takes content from the input.
    private mutating func readContent() -> Bool {
        guard let event = reader?.next(from: &input) else { return false }
        take(event)
        return true
    }

    private mutating func skipChunk(_ remaining: UInt64, then replies: [SMTPReply]) -> Bool {
        let count = min(UInt64(input.readableBytes), remaining)
        input.moveReaderIndex(forwardBy: Int(count))
        phase = .skippingChunk(remaining: remaining - count, replies)
        guard count == remaining else { return count > 0 }
        phase = .command
        for reply in replies.dropLast() { say(reply) }
        if let last = replies.last { complain(last) }
        return true
    }

    private mutating func readLine() -> Bool {
        guard sawInput || input.readableBytes > 0 else { return false }
        if !sawInput, !sawLetterFirst() { return true }
        sawInput = true
        guard let event = lines.next(from: &input, limit: lineLimit) else { return false }
        keep(event)
        take(event)
        return true
    }

    /// Keeps the line for `lastLine`. What answers a challenge is a secret.
    private mutating func keep(_ event: CommandLineReader.Event) {
        if phase == .authentication {
            line = []
            return
        }
        if case .line(let bytes) = event { line = bytes } else { line = lines.refused }
        if Self.isAuthentication(line) {
            secretsMayFollow = true
        } else if secretsMayFollow {
            secretsMayFollow = SMTPVerb(line.prefix { $0 > ASCII.space }) == nil
            if secretsMayFollow { line = [] }
        }
    }

    /// SMTP begins with a letter; what doesn't is a TLS handshake or worse.
    private mutating func sawLetterFirst() -> Bool {
        guard let first = input.getInteger(at: input.readerIndex, as: UInt8.self),
            first.isASCIILetter || first == ASCII.cr
        else {
            end(with: .notSMTP(configuration.hostname))
            return false
        }
        return true
    }

    /// How long the line that comes may be: an initial response to AUTH may be long.
    private var lineLimit: Int {
        let isAuthentication = phase == .authentication || input.withUnsafeReadableBytes { Self.isAuthentication($0) }
        return isAuthentication ? configuration.limits.authenticationLine : configuration.limits.commandLine
    }

    /// Whether a line begins with AUTH.
    static func isAuthentication(_ line: some Collection<UInt8>) -> Bool {
        line.count >= 4 && zip(line, "auth".utf8).allSatisfy { $0.asciiLowercased == $1 }
    }
}
