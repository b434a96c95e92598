import Delivery
import Foundation
import MailCore
import MailDirectory
import MailReports
import MailSpool
import MailTesting
import NIOCore
import NIOPosix
import QueueCore
import Synchronization

/// Delivery and reports over a spool, with the Maildirs of `AddressDirectory.example`.
final class ReportBench: Sendable {
    let folder: TemporaryDirectory
    let spool: Spool
    private let delivery: DeliveryService
    private let reports: ReportService
    private let state: State

    private final class State: Sendable {
        let log = Mutex<[ReportEvent]>([])
        let time = Mutex(Timestamp.test)
    }

    /// What was logged of reports.
    var events: [ReportEvent] { state.log.withLock(\.self) }

    init() throws {
        folder = try TemporaryDirectory()
        let settings = DeliverySettings(directory: try .example(root: folder.path("mail")))
        var limits = SpoolSettings()
        limits.diskReserve = 0
        limits.inodeReserve = 0
        spool = try Spool.open(directory: folder.path("queue"), settings: limits, now: { .test })
        let state = State()
        self.state = state
        let host = try Domain("mx.example.org")
        delivery = DeliveryService(
            queue: spool, host: host, threads: .singleton, settings: { settings },
            agent: { _ in preconditionFailure("no recipient goes elsewhere") }, now: { .test }, log: { _ in })
        reports = ReportService(
            queue: spool, sink: spool, host: host, threads: .singleton, retries: { settings.retries },
            now: { state.time.withLock(\.self) }, entered: delivery.wake,
            log: { event in state.log.withLock { $0.append(event) } })
    }

    func advance(_ duration: Duration) { state.time.withLock { $0 = $0 + duration } }

    /// Brings a message into the queue.
    @discardableResult
    func accept(
        from sender: String?, to recipients: [String], notify: NotifyConditions? = nil,
        options: EnvelopeOptions = .init()
    ) async throws -> QueueID {
        let message = try spool.open() as any IncomingMessage
        _ = message.append(ByteBuffer(string: "Message-ID: <1@example.org>\r\n\r\nHello.\r\n")) {}
        let envelope = Envelope(
            reversePath: try sender.map { .mailbox(try EmailAddress($0)) } ?? .null,
            recipients: try recipients.map { EnvelopeRecipient(try EmailAddress($0), notify: notify) },
            options: options)
        try await withCheckedThrowingContinuation { continuation in
            message.commit(envelope, prefix: ByteBuffer()) { continuation.resume(with: $0) }
        }
        return message.queueID
    }

    /// Runs both services around `body`, and stops them and the spool.
    func run(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
        let delivering = Task { [delivery] in try await delivery.run() }
        let reporting = Task { [reports] in try await reports.run() }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        reports.stop()
        delivery.stop()
        try await reporting.value
        try await delivering.value
        spool.close()
        try result.get()
    }

    /// Waits until no more messages than these are in the queue.
    func queue(of messages: Int = 0, isolation: isolated (any Actor)? = #isolation) async throws {
        _ = try await eventually("\(messages) messages in the queue") { [spool] in
            await spool.catchUp(within: patience)
            return try await spool.count().messages <= messages ? true : nil
        }
    }

    /// The messages in a user's Maildir.
    func mail(of user: String) throws -> [String] {
        let new = folder.path("mail/example.org/\(user)/new")
        guard FileManager.default.fileExists(atPath: new) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: new).sorted().map {
            try String(contentsOfFile: "\(new)/\($0)", encoding: .utf8)
        }
    }
}
