import Synchronization

/// Whether the spool takes messages. Once it does not, it never does again.
final class SpoolCondition: Sendable {
    private enum Phase { case open, closed, failed }

    private let phase = Mutex(Phase.open)
    private let onFailure: @Sendable (SpoolError) -> Void

    init(onFailure: @escaping @Sendable (SpoolError) -> Void) {
        self.onFailure = onFailure
    }

    var isOpen: Bool { phase.withLock { $0 == .open } }

    func close() {
        phase.withLock { if $0 == .open { $0 = .closed } }
    }

    /// Stops the spool for good, and says so once.
    func stop(_ error: SpoolError) {
        let isFirst = phase.withLock { phase in
            defer { phase = .failed }
            return phase != .failed
        }
        if isFirst { onFailure(error) }
    }
}
