public import MailCore

/// The delivery agent that writes messages into Maildirs: into `tmp`, synced, moved to `new`, and the move synced.
///
/// A message that an earlier attempt delivered is found by its name, also where the reader has moved it to `cur` and
/// set flags, and is not delivered twice.
public struct MaildirAgent: Sendable {
    /// How many files are open at once.
    private static let groupSize = 64

    private let host: Domain
    private let files: any MailboxFiles
    private let sizes: MailboxSizes

    /// - Parameters:
    ///   - host: the name of this host, part of each file name. A repeat is noticed only while it stays the same.
    ///   - sizes: what mailboxes hold that have a quota.
    public init(host: Domain, sizes: MailboxSizes = MailboxSizes()) {
        self.init(host: host, files: PosixMailboxFiles(), sizes: sizes)
    }

    package init(host: Domain, files: any MailboxFiles, sizes: MailboxSizes = MailboxSizes()) {
        self.host = host
        self.files = files
        self.sizes = sizes
    }

    /// Delivers messages together, so that they share the waits for the disk. Blocks its thread meanwhile.
    ///
    /// - Returns: an outcome for each delivery, in their order: `.delivered` when the message and its name are on disk,
    ///   else `.deferred`; what is wrong with a disk or a mailbox can be put right.
    public func deliver(_ deliveries: [MaildirDelivery]) -> [Outcome] {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(deliveries.count)
        var start = 0
        while start < deliveries.count {
            let end = min(start + Self.groupSize, deliveries.count)
            outcomes += deliverGroup(deliveries[start..<end])
            start = end
        }
        return outcomes
    }

    private func deliverGroup(_ deliveries: ArraySlice<MaildirDelivery>) -> [Outcome] {
        func run(_ files: some MailboxFiles) -> [Outcome] {
            var group = MaildirGroup(deliveries, host: host, files: files, sizes: sizes)
            return group.run()
        }
        return run(files)
    }
}
