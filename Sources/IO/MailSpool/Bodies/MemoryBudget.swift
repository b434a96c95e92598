import Synchronization

/// Counts the octets of bodies that are in memory and not committed yet.
final class MemoryBudget: Sendable {
    private let used = Atomic<Int>(0)
    private let settings: SpoolSettings

    init(_ settings: SpoolSettings) {
        self.settings = settings
    }

    /// The most octets of one body that may be in memory now.
    var threshold: Int {
        used.load(ordering: .relaxed) > settings.memoryBudget ? settings.memoryThreshold / 8 : settings.memoryThreshold
    }

    var octets: Int { used.load(ordering: .relaxed) }

    func add(_ octets: Int) {
        used.add(octets, ordering: .relaxed)
    }

    func remove(_ octets: Int) {
        used.subtract(octets, ordering: .relaxed)
    }
}
