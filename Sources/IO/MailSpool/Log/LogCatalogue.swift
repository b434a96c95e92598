import Synchronization

/// Which segments there are.
final class LogCatalogue: Sendable {
    let folder: SpoolFolder
    private let names: Mutex<[UInt64: SegmentName]>

    init(folder: SpoolFolder, names: [SegmentName]) {
        self.folder = folder
        self.names = Mutex(Dictionary(names.map { ($0.number, $0) }) { first, _ in first })
    }

    func add(_ name: SegmentName) {
        names.withLock { $0[name.number] = name }
    }

    /// The numbers of all segments, in order.
    var numbers: [UInt64] { names.withLock { $0.keys.sorted() } }

    func name(of segment: UInt64) -> SegmentName? {
        names.withLock { $0[segment] }
    }

    /// Where a segment lies; nil if it is not there any more.
    func path(of segment: UInt64) -> String? {
        name(of: segment).map(path(of:))
    }

    func path(of name: SegmentName) -> String { "\(folder.log)/\(name.fileName)" }

    /// Deletes a segment in which nothing lives.
    func remove(_ segment: UInt64) throws(FileError) {
        guard let name = names.withLock({ $0.removeValue(forKey: segment) }) else { return }
        try folder.remove(path(of: name))
    }
}
