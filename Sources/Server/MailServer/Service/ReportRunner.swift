import Delivery
import ServiceLifecycle

/// Makes reports until the server stops.
struct ReportRunner: Service {
    let reports: ReportService

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await reports.run()
        } onGracefulShutdown: {
            reports.stop()
        }
    }
}
