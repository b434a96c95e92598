import Glibc
import MailCore
import NIOCore
import QueueCore

@testable import MailSpool

extension Envelope {
    /// From ann@example.org to `recipients`.
    static func sample(to recipients: String...) throws -> Envelope {
        Envelope(
            reversePath: .mailbox(try EmailAddress("ann@example.org")),
            recipients: try recipients.map { EnvelopeRecipient(try EmailAddress($0)) })
    }
}

extension Outcome {
    static let delivered = Outcome(.delivered, status: EnhancedStatusCode(.success, 0, 0), diagnostic: "250 OK")
    static let deferred = Outcome(
        .deferred, status: EnhancedStatusCode(.persistentTransientFailure, 4, 1), diagnostic: "no answer",
        remoteHost: "mx.example.net")
}

extension Spool {
    /// Begins a message whose body is `body`, appended in pieces of 64 KiB, each when the spool is ready for it.
    func begin(_ body: ByteBuffer) async throws -> any IncomingMessage {
        let message = try open() as any IncomingMessage
        var rest = body
        while let piece = rest.readSlice(length: min(64 * 1_024, rest.readableBytes)), piece.readableBytes > 0 {
            await message.take(piece)
        }
        return message
    }

    /// Commits a message and returns when it is in the index; with `isIndexed` false, when it is durable.
    @discardableResult
    func accept(
        _ body: String, from envelope: Envelope? = nil, prefix: String = "Received: here\r\n", isIndexed: Bool = true
    ) async throws -> QueueID {
        try await accept(
            ByteBuffer(string: body), envelope ?? .sample(to: "bob@example.net"), prefix: prefix, isIndexed: isIndexed)
    }

    @discardableResult
    func accept(
        _ body: ByteBuffer, _ envelope: Envelope, prefix: String = "Received: here\r\n", isIndexed: Bool = true
    ) async throws -> QueueID {
        let message = try await begin(body)
        try await message.commit(envelope, prefix: prefix)
        if isIndexed { await catchUp(within: .seconds(240)) }
        return message.queueID
    }

    func record(_ id: QueueID, _ outcome: Outcome, number: Int = 0, retryAt: Timestamp? = nil) async throws {
        try await record([
            AttemptRecord(id: id, results: [RecipientResult(number: number, outcome: outcome, retryAt: retryAt)])
        ])
    }
}

extension IncomingMessage {
    func take(_ piece: ByteBuffer) async {
        await withCheckedContinuation { continuation in
            if append(piece, resume: { continuation.resume() }) == .ready { continuation.resume() }
        }
    }

    func commit(_ envelope: Envelope, prefix: String = "", origin: ReportOrigin? = nil) async throws {
        try await withCheckedThrowingContinuation { continuation in
            commit(envelope, prefix: ByteBuffer(string: prefix), origin: origin) { result in
                continuation.resume(with: result.mapError { $0 as any Error })
            }
        }
    }
}

extension MessageContent {
    /// Prefix and body as text, read from wherever the body lies.
    func text() throws -> String {
        switch body {
        case .memory(let buffer): return String(buffer: prefix) + String(buffer: buffer)
        case .file(let path, let offset, let length):
            let bytes = try OpenFile(path, flags: O_RDONLY).read(Int(length), at: offset)
            return String(buffer: prefix) + String(buffer: bytes)
        }
    }
}
