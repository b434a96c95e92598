/// Changes a message as a plan has it, piece by piece. However it is cut, the result is the same.
///
///     var writer = DowngradeWriter(plan)
///     let changed = writer.receive(message) + writer.finish()
public struct DowngradeWriter: Sendable {
    private var walker: PartWalker<RewriteVisitor>

    /// - Parameters:
    ///   - plan: made of the same message, within the same limits.
    public init(_ plan: DowngradePlan, limits: MessageLimits = MessageLimits()) {
        walker = PartWalker(RewriteVisitor(plan), limits: limits)
    }

    /// Takes the next piece of the message.
    ///
    /// - Returns: what it becomes, as far as that is known already.
    public mutating func receive(_ piece: UnsafeRawBufferPointer) -> [UInt8] {
        walker.receive(piece)
        return walker.visitor.takeOutput()
    }

    /// Takes the next piece of the message.
    public mutating func receive(_ piece: [UInt8]) -> [UInt8] {
        piece.withUnsafeBytes { receive($0) }
    }

    /// Ends the message, and returns the rest of it.
    public mutating func finish() -> [UInt8] {
        walker.finish()
        return walker.visitor.takeOutput()
    }
}

/// Carries a plan out.
struct RewriteVisitor: PartVisitor, Sendable {
    private let plan: DowngradePlan
    private var headers = 0
    private var texts = 0
    private var rewriter = TextRewriter(.keep)
    private var output: [UInt8] = []

    init(_ plan: DowngradePlan) {
        self.plan = plan
    }

    mutating func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    mutating func visit(_ header: PartHeader) {
        precondition(headers < plan.headers.count, "the plan is that of another message")
        output += plan.headers[headers].apply(to: header)
        headers += 1
    }

    mutating func beginText(isBody: Bool, depth: Int) {
        precondition(texts < plan.texts.count, "the plan is that of another message")
        rewriter = TextRewriter(plan.texts[texts])
        texts += 1
    }

    mutating func text(_ octets: UnsafeRawBufferPointer) { rewriter.take(octets, into: &output) }

    mutating func endText(isEndOfMessage: Bool) { rewriter.finish(isEndOfMessage: isEndOfMessage, into: &output) }

    mutating func boundary(_ line: UnsafeRawBufferPointer) { output += line }
}
