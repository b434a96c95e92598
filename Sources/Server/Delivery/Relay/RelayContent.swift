import LocalMail
import MailCore
import MailMIME
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import QueueCore
import SMTPClient
import SMTPCore

/// A message in the forms in which next hops can take it (RFC 6152 §3, RFC 3030 §3). The body is looked at when the
/// first of them asks, and once; one in a file on a thread of its own.
struct RelayContent: Sendable {
    /// The message for one hop, and what MAIL says of it.
    struct Form: Sendable {
        let body: EnvelopeOptions.Body
        let content: SMTPContent
    }

    private struct Findings {
        var survey: ContentSurvey?
        var plans: [EnvelopeOptions.Body: Result<DowngradePlan, DowngradeObstacle>] = [:]
    }

    private let content: MessageContent
    /// What the sender said. What is there counts too: octets beyond ASCII are often there unannounced.
    private let declared: EnvelopeOptions.Body
    private let unchanged: SMTPContent
    private let threads: NIOThreadPool
    private let findings = NIOLockedValueBox(Findings())

    init(_ content: MessageContent, declared: EnvelopeOptions.Body, threads: NIOThreadPool) {
        self.content = content
        self.declared = declared
        self.threads = threads
        unchanged = SMTPContent(content)
    }

    /// Whether no file has to be read to send it.
    var isInMemory: Bool {
        if case .memory = content.body { true } else { false }
    }

    /// - Throws: `DowngradeObstacle` where the message has no form for such a server, or `SystemError` if it cannot be read.
    func form(for extensions: ServerExtensions) async throws -> Form {
        if declared == .binary, extensions.chunking, extensions.binaryMIME {
            return Form(body: .binary, content: unchanged)
        }
        let hop: EnvelopeOptions.Body = extensions.eightBitMIME ? .eightBit : .sevenBit
        if declared != .binary {
            let survey = try await survey()
            if !survey.hasLongLine, !survey.has8Bit || hop == .eightBit {
                return Form(body: survey.has8Bit || declared == .eightBit ? hop : .sevenBit, content: unchanged)
            }
        }
        let plan = try await plan(to: hop).get()
        let body = hop == .eightBit ? plan.body : .sevenBit
        if plan.isEmpty { return Form(body: body, content: unchanged) }
        return Form(body: body, content: try changed(by: plan))
    }

    private func changed(by plan: DowngradePlan) throws -> SMTPContent {
        guard isInMemory else {
            let size = UInt64(Int(content.size) + plan.growth)
            return .pieces(size: size, ChangedPieces(content, plan, threads: threads))
        }
        var pieces = try MessagePieces(content, plan)
        return .memory(try pieces.next() ?? ByteBuffer())
    }

    private func survey() async throws -> ContentSurvey {
        if let known = findings.withLockedValue(\.survey) { return known }
        let survey = try await read { try $0.survey() }
        findings.withLockedValue { $0.survey = survey }
        return survey
    }

    private func plan(to hop: EnvelopeOptions.Body) async throws -> Result<DowngradePlan, DowngradeObstacle> {
        if let known = findings.withLockedValue({ $0.plans[hop] }) { return known }
        let plan = try await read { try $0.downgradePlan(to: hop) }
        findings.withLockedValue { $0.plans[hop] = plan }
        return plan
    }

    private func read<Value: Sendable>(
        _ look: @escaping @Sendable (MessageContent) throws -> Value
    ) async throws -> Value {
        guard case .file = content.body else { return try look(content) }
        return try await threads.runIfActive { [content] in try look(content) }
    }
}

/// A message with its body changed while it is sent.
private struct ChangedPieces: AsyncSequence, Sendable {
    private let content: MessageContent
    private let plan: DowngradePlan
    private let threads: NIOThreadPool

    init(_ content: MessageContent, _ plan: DowngradePlan, threads: NIOThreadPool) {
        self.content = content
        self.plan = plan
        self.threads = threads
    }

    func makeAsyncIterator() -> Iterator { Iterator(message: self) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let message: ChangedPieces
        private var pieces: MessagePieces?

        fileprivate init(message: ChangedPieces) {
            self.message = message
        }

        mutating func next() async throws -> ByteBuffer? {
            let (message, begun) = (message, pieces)
            let (pieces, piece) = try await message.threads.runIfActive {
                var pieces = try begun ?? MessagePieces(message.content, message.plan)
                let piece = try pieces.next()
                return (pieces, piece)
            }
            self.pieces = pieces
            return piece
        }
    }
}

extension SMTPContent {
    /// Without Return-Path: who makes the final delivery adds it (RFC 5321 §4.4), a server for LMTP as any other.
    fileprivate init(_ content: MessageContent) {
        switch content.body {
        case .memory(let body):
            var prefix = content.prefix
            prefix.writeImmutableBuffer(body)
            self = .memory(prefix)
        case .file(let path, let offset, let length):
            self = .file(prefix: content.prefix, path: path, offset: offset, length: length)
        }
    }
}
