import LocalMail
public import MailCore
import MailReports
import NIOConcurrencyHelpers
public import NIOPosix
public import QueueCore

/// Makes the reports that are due, and brings each into the queue by the door that every message takes.
public final class ReportService: Sendable {
    /// Messages of which reports are made between two looks at the queue.
    private static let pageSize = 100
    /// How long the queue is left alone when nothing is due.
    private static let longestWait = Duration.seconds(60)
    /// How long it is left alone while all that is due has to wait.
    private static let slowedWait = Duration.seconds(1)
    /// How long it is left alone when it took no report.
    private static let refusedWait = Duration.seconds(30)

    private let queue: any ReportQueue
    private let sink: any MessageSink
    private let host: Domain
    private let threads: NIOThreadPool
    private let retries: @Sendable () -> RetryPolicy
    private let now: @Sendable () -> Timestamp
    private let entered: @Sendable () -> Void
    private let log: @Sendable (ReportEvent) -> Void
    private let bell = Doorbell()
    private let isStopping = NIOLockedValueBox(false)
    private let pace = NIOLockedValueBox(ReportPace())
    /// Reports whose waiting was logged, so that each is logged once.
    private let slowed = NIOLockedValueBox<Set<ReportOrigin>>([])

    /// - Parameters:
    ///   - host: our name, which reports are from.
    ///   - threads: where messages are read that reports bring back.
    ///   - retries: asked for each report.
    ///   - entered: called when reports have entered the queue and wait to be delivered.
    public init(
        queue: any ReportQueue, sink: any MessageSink, host: Domain, threads: NIOThreadPool,
        retries: @escaping @Sendable () -> RetryPolicy, now: @escaping @Sendable () -> Timestamp,
        entered: @escaping @Sendable () -> Void, log: @escaping @Sendable (ReportEvent) -> Void
    ) {
        self.queue = queue
        self.sink = sink
        self.host = host
        self.threads = threads
        self.retries = retries
        self.now = now
        self.entered = entered
        self.log = log
        queue.onReportDue { [bell] in bell.ring() }
    }

    /// Makes reports until `stop` is called, beginning with those that an earlier process left.
    ///
    /// - Throws: what the queue throws; then nothing more can be reported.
    public func run() async throws {
        while !isStopping.withLockedValue(\.self) {
            await bell.wait(atMost: try await makeDueReports())
        }
    }

    /// Begins no other report. What is due stays so.
    public func stop() {
        isStopping.withLockedValue { $0 = true }
        bell.ring()
    }

    /// What one report came to.
    private enum Step { case entered, slowed, refused }

    /// Goes through all that is due.
    ///
    /// - Returns: how long to wait for more.
    private func makeDueReports() async throws -> Duration {
        var after: QueueID?
        var waiting: Set<ReportOrigin> = []
        while true {
            let page = try await queue.reportsDue(after: after, limit: Self.pageSize)
            guard let last = page.last else { break }
            after = last.origin.message
            var hasEntered = false
            defer { if hasEntered { entered() } }
            for due in page {
                if isStopping.withLockedValue(\.self) { return .zero }
                switch try await make(due) {
                case .entered: hasEntered = true
                case .slowed: waiting.insert(due.origin)
                case .refused: return Self.refusedWait
                }
            }
            // A long line of reports that wait must not keep the index from its work.
            if !hasEntered { try await Task.sleep(for: .milliseconds(100)) }
        }
        slowed.withLockedValue { $0 = waiting }
        return waiting.isEmpty ? Self.longestWait : Self.slowedWait
    }

    private func make(_ due: DueReport) async throws -> Step {
        guard pace.withLockedValue({ $0.take(due.mailbox.host, at: now()) }) else {
            if !slowed.withLockedValue({ $0.contains(due.origin) }) { log(.slowed(about: due.origin, to: due.mailbox)) }
            return .slowed
        }
        let original = try await threads.runIfActive { due.original }
        do throws(SinkError) {
            let message = try sink.open()
            let report = DeliveryReport(
                due, host: host, id: message.queueID, date: now(), retryUntil: due.arrived + retries().lifetime,
                original: original)
            try await message.enter(report)
            log(.entered(message.queueID, about: due.origin, to: due.mailbox))
            return .entered
        } catch {
            log(.notStored(about: due.origin, error))
            return .refused
        }
    }
}

extension DueReport {
    /// As much of the message as the report needs; nil if it cannot be read.
    fileprivate var original: [UInt8]? {
        guard let content else { return nil }
        let wanted = DeliveryReport.octetsWanted(by: self)
        let front = content.front(wanted)
        return UInt64(front.count) == min(content.size, UInt64(wanted)) ? front : nil
    }
}
