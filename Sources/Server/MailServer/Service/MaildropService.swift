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
    /// How many looks lie between two at the configuration, of which a part stands in the folder.
    private static let looksBetweenSettings = 50

    let settings: ServerSettings
    let sink: any MessageSink
    let ledger: any OriginLedger
    let threads: NIOThreadPool
    let log: EventLog

    /// Makes the folder, which is to be there when the server says that it is ready: a program may come at once, and find
    /// no server any more. What goes wrong is told when the service runs.
    func prepare() {
        try? folder.prepare(settings.configuration.maildropSettings)
    }

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
        let configuration = settings.configuration
        let inbox = MaildropInbox(folder)
        try inbox.folder.prepare(configuration.maildropSettings)
        try inbox.removeAbandoned()
        let date = MailDate()
        return MaildropIntake(
            inbox, settings: configuration.maildropIntakeSettings, sink: sink, ledger: ledger,
            taken: try await ledger.takenOrigins(), mailDate: date.now, log: { [log] in log.write($0) })
    }

    private var folder: MaildropFolder { MaildropFolder(settings.configuration.maildropFolder) }

    private func watch(_ intake: MaildropIntake) async {
        var looks = 0
        var written = settings.configuration.maildropSettings
        while !Task.isCancelled {
            var next = Self.interval
            looks += 1
            do {
                if looks % Self.looksBetweenSettings == 0, case let new = settings.configuration.maildropSettings,
                    new != written
                {
                    try folder.prepare(new)
                    written = new
                }
                if try await threads.runIfActive({ try intake.takeGroup() }) { continue }
            } catch is CancellationError {
                // The server ends: its threads take nothing more.
                return
            } catch {
                let text = "mail stays in the maildrop for now: \(error)"
                log.write(LogEvent("maildrop-waiting", .warning, at: SystemClock.now(), [("text", .text(text))]))
                next = Self.pause
            }
            try? await Task.sleep(for: next)
        }
    }
}
