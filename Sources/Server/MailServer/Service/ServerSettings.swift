import Delivery
import Reception
import Synchronization

/// What the running server decides by. It changes as a whole; who has taken a part keeps it.
final class ServerSettings: Sendable {
    private final class Parts: Sendable {
        let configuration: ServerConfiguration
        let reception: ReceptionSettings
        let delivery: DeliverySettings

        init(_ configuration: ServerConfiguration) {
            self.configuration = configuration
            reception = configuration.receptionSettings
            delivery = configuration.deliverySettings
        }
    }

    private let parts: Mutex<Parts>

    init(_ configuration: ServerConfiguration) {
        parts = Mutex(Parts(configuration))
    }

    /// What is in effect: where keys need a restart, as they were at the start.
    var configuration: ServerConfiguration { parts.withLock { $0 }.configuration }
    var reception: ReceptionSettings { parts.withLock { $0 }.reception }
    var delivery: DeliverySettings { parts.withLock { $0 }.delivery }

    func replace(with configuration: ServerConfiguration) {
        let new = Parts(configuration)
        parts.withLock { $0 = new }
    }
}
