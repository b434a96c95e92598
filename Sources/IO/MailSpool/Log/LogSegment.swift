import Glibc
import NIOCore

/// The segment that is being written. Only the log's thread uses it.
struct LogSegment {
    let name: SegmentName
    private let file: OpenFile
    private let calls: any FileCalls
    private let preallocation: UInt64
    /// Where the next record goes.
    private(set) var end: UInt64 = 0
    /// Up to where the file is filled with records and zeros.
    private var allocated: UInt64 = 0

    /// Makes a new segment, whose name is durable when this returns.
    init(name: SegmentName, in folder: SpoolFolder, calls: any FileCalls, preallocation: UInt64) throws(FileError) {
        self.name = name
        self.calls = calls
        self.preallocation = preallocation
        file = try OpenFile("\(folder.log)/\(name.fileName)", flags: O_RDWR | O_CREAT | O_EXCL)
        try folder.synchronize(folder.log)
    }

    /// Appends octets, without sync.
    mutating func write(_ bytes: ByteBuffer) throws(FileError) {
        let newEnd = end + UInt64(bytes.readableBytes)
        if newEnd > allocated { try allocate(upTo: newEnd) }
        try calls.write(bytes, to: file, at: end)
        end = newEnd
    }

    func synchronize() throws(FileError) {
        try calls.synchronize(file)
    }

    /// Forgets what was written from `offset` on, so that no part of it can be read as a record later.
    mutating func cut(to offset: UInt64) throws(FileError) {
        try calls.truncate(file, to: offset)
        end = offset
        allocated = offset
    }

    /// Gives back what was allocated ahead.
    mutating func finish() throws(FileError) {
        try cut(to: end)
    }

    private static let zeros = ByteBuffer(repeating: 0, count: 256 * 1_024)

    private mutating func allocate(upTo needed: UInt64) throws(FileError) {
        let goal = needed + preallocation
        var position = max(allocated, needed)
        while position < goal {
            var zeros = Self.zeros
            zeros.moveWriterIndex(to: Int(min(UInt64(zeros.readableBytes), goal - position)))
            try calls.write(zeros, to: file, at: position)
            position += UInt64(zeros.readableBytes)
        }
        allocated = goal
    }
}
