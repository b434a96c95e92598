import Delivery
import ServiceLifecycle

/// Delivers until the server stops; what was begun is finished.
struct DeliveryRunner: Service {
    let delivery: DeliveryService
    let agents: DeliveryAgents

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await delivery.run()
        } onGracefulShutdown: {
            delivery.stop()
        }
        await agents.close()
    }
}
