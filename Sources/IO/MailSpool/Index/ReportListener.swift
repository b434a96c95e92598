import Synchronization

/// Who hears that something is to be told, once there is somebody.
final class ReportListener: Sendable {
    /// A function in a box: each time a bare one is read out of a generic `Mutex` it is wrapped once more.
    private struct Receiver {
        let call: @Sendable () -> Void
    }

    private let receiver = Mutex<Receiver?>(nil)

    func set(_ call: @escaping @Sendable () -> Void) {
        receiver.withLock { $0 = Receiver(call: call) }
    }

    func call() {
        receiver.withLock(\.self)?.call()
    }
}
