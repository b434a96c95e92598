import MailCore

/// A spool's folder, locked and in order, before its threads start.
struct SpoolOpening {
    let folder: SpoolFolder
    let lock: SpoolLock
    let index: QueueIndex
    let catalogue: LogCatalogue
    let report: RecoveryReport
    let use: SegmentUse
    /// Up to where the log is in the index.
    let end: LogPlace
    let lastID: QueueID
    /// The log goes on in a segment of its own, so that nothing is ever written behind an old end.
    let nextSegment: UInt64

    init(folder: SpoolFolder, now: Timestamp) throws {
        self.folder = folder
        try folder.create()
        lock = try SpoolLock(folder.lock)
        let names = try folder.names(in: folder.log).compactMap(SegmentName.init)
        catalogue = LogCatalogue(folder: folder, names: names)
        let recovered = try RecoveredIndex.open(folder, catalogue, now: now)
        (index, report, use) = (recovered.index, recovered.report, recovered.use)
        (end, lastID) = recovered.progress
        nextSegment = max(catalogue.numbers.last ?? 0, end.segment) + 1
        for number in catalogue.numbers where use.isEmpty(number) { try catalogue.remove(number) }
    }
}
