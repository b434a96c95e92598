import Logging
import MailCore
import Maildrop
import NIOCore
import NIOPosix
import QueueCore
import Reception
import SendmailCore
import ServiceLifecycle

/// Takes in what programs leave in the maildrop, at the start and while the server runs.
struct MaildropService: Service {
    /// How often the folder is looked at.
    private static let interval = Duration.milliseconds(100)
    /// How long it is left alone after something went wrong.
    private static let pause = Duration.seconds(10)

    let configuration: ServerConfiguration
    let sink: any MessageSink
    let ledger: any OriginLedger
    let threads: NIOThreadPool
    let log: EventLog

    func run() async throws {
        let log = log
        do {
            let intake = try await open()
            await cancelWhenGracefulShutdown { await watch(intake) }
        } catch {
            log.write(
                LogEvent(
                    "maildrop", .error, at: SystemClock.now(),
                    [("text", .text("there is no maildrop, and sendmail does not work: \(error)"))]))
            try await gracefulShutdown()
        }
    }

    private func open() async throws -> MaildropIntake {
        let inbox = MaildropInbox(MaildropFolder(configuration.maildropFolder))
        try inbox.folder.prepare(configuration.maildropSettings)
        try inbox.removeAbandoned()
        let date = MailDate()
        return MaildropIntake(
            inbox, settings: configuration.maildropIntakeSettings, sink: sink, ledger: ledger,
            taken: try await ledger.takenOrigins(), mailDate: date.now, log: { [log] in log.write($0) })
    }

    private func watch(_ intake: MaildropIntake) async {
        while !Task.isCancelled {
            var next = Self.interval
            do {
                if try await threads.runIfActive({ try intake.takeGroup() }) { continue }
            } catch {
                let text = "mail stays in the maildrop for now: \(error)"
                log.write(LogEvent("maildrop-waiting", .warning, at: SystemClock.now(), [("text", .text(text))]))
                next = Self.pause
            }
            try? await Task.sleep(for: next)
        }
    }
}
