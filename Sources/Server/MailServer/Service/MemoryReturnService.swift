import CMalloc
import NIOPosix
import SMTPServer
import ServiceLifecycle

/// Gives memory back to the system when many connections have ended; the C library would keep it for others to come.
struct MemoryReturnService: Service {
    private static let pause = Duration.seconds(2)

    let connections: ConnectionLedger
    let threads: NIOThreadPool

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var tide = ConnectionTide()
            while (try? await Task.sleep(for: Self.pause)) != nil {
                guard tide.hasEbbed(to: connections.total) else { continue }
                _ = try? await threads.runIfActive { malloc_trim(0) }
            }
        }
    }
}
