import FoundationEssentials
import Logging
import NIOPosix
import Reception
import ServiceLifecycle

/// Keeps what greylisting remembers in a file, so that a restart puts nobody off again whom the server knows.
struct GreylistService: Service {
    /// How much of it a crash may cost.
    private static let pause = Duration.seconds(60)

    let greylisting: Greylisting
    let path: String
    let threads: NIOThreadPool
    let log: EventLog

    /// What an earlier process left; nothing where there is no file, or none that can be read.
    static func memory(at path: String) -> [UInt8] {
        guard let octets = try? Data(contentsOf: URL(filePath: path)), octets.count <= Greylisting.mostMemory else {
            return []
        }
        return Array(octets)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.pause)) != nil { await save() }
        }
        await save()
    }

    private func save() async {
        do {
            try await threads.runIfActive { [greylisting, path] in
                guard let octets = greylisting.memory() else { return }
                try Data(octets).write(to: URL(filePath: path), options: .atomic)
            }
        } catch {
            let text = "\(path) cannot be written: \(error)"
            log.write(LogEvent("greylist", .warning, at: SystemClock.now(), [("text", .text(text))]))
        }
    }
}
