/// What a spool may use and how it groups its work.
public struct SpoolSettings: Hashable, Sendable {
    /// The longest body, in octets, that is kept in memory and written into the log; a longer one gets a file of its
    /// own.
    public var memoryThreshold = 100 * 1_024
    /// Octets of bodies not yet committed that all messages together may keep in memory. Above it bodies go to files at
    /// an eighth of `memoryThreshold`.
    public var memoryBudget = 64 << 20
    /// A segment of the log that has reached this length in octets is closed.
    public var segmentSize: UInt64 = 64 << 20
    /// By how many octets a segment is filled with zeros ahead of the records, so that a sync changes data only.
    public var preallocation: UInt64 = 4 << 20
    /// Octets of free disk below which no message is taken in.
    public var diskReserve: UInt64 = 128 << 20
    /// Free inodes below which no message is taken in.
    public var inodeReserve: UInt64 = 1_000
    /// How many threads write the files of large bodies.
    public var bodyWriters = 2
    /// How long the index waits for more to write in one transaction, in milliseconds.
    public var indexGatherTime = 10
    /// How many messages or attempts make the index write at once.
    public var indexGatherCount = 1_000
    /// When closed segments are emptied by copying what still lives in them.
    public var copying = CopyPolicy()

    public init() {}
}
