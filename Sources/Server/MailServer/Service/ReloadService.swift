import ServiceLifecycle
import UnixSignals

/// Has the configuration read again when the process is told to (SIGHUP).
struct ReloadService: Service {
    let hangups: UnixSignalsSequence
    let reloader: ConfigurationReloader

    func run() async throws {
        for await _ in hangups.cancelOnGracefulShutdown() { _ = await reloader.reload() }
    }
}
