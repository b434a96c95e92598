/// What opening a spool found and mended.
public struct RecoveryReport: Hashable, Sendable {
    /// Records of the log that were put into the index.
    public var reindexed = 0
    /// Octets behind the last sound record of the log: not synced, or damaged. They were set aside and cut off.
    public var cutOctets: UInt64 = 0
    /// Files in `damaged/` that hold what could not be read.
    public var setAside: [String] = []
    /// Files of bodies that no record names.
    public var removedBodies = 0
    /// Whether the index was missing or unreadable, and was built from the log.
    public var isIndexRebuilt = false

    public init() {}
}
