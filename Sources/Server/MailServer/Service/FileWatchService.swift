import ServiceLifecycle

/// Has the files of users and aliases read again when they have changed.
struct FileWatchService: Service {
    /// How often the files are looked at.
    private static let pause = Duration.seconds(2)
    /// How long a changed file must have rested, so that none is read while it is written.
    private static let rest = Duration.milliseconds(200)

    let settings: ServerSettings
    let reloader: ConfigurationReloader

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var tried: [FileStamp?] = []
            while (try? await Task.sleep(for: Self.pause)) != nil { await look(&tried) }
        }
    }

    /// - Parameter tried: the files as they were at the last try, which may have failed.
    private func look(_ tried: inout [FileStamp?]) async {
        let files = settings.configuration.files
        let stamps = files.map { FileStamp(path: $0.path) }
        guard stamps != files.map(\.stamp), stamps != tried, (try? await Task.sleep(for: Self.rest)) != nil,
            stamps == files.map({ FileStamp(path: $0.path) })
        else { return }
        tried = stamps
        await reloader.rereadFiles()
    }
}
