import Glibc
import MailCore
import NIOCore
import QueueCore

/// Reads the records of one segment.
struct SegmentReader {
    /// A record whose header, envelope and prefix are sound.
    struct Record {
        var header: RecordHeader
        var envelope: Envelope
        var origin: ReportOrigin?
        var prefix: ByteBuffer
        var offset: UInt64
        var end: UInt64 { offset + header.recordLength }
    }

    let name: SegmentName
    let length: UInt64
    private let file: OpenFile

    init(_ name: SegmentName, path: String) throws(FileError) {
        self.name = name
        file = try OpenFile(path, flags: O_RDONLY)
        length = try file.length()
    }

    /// The record that begins at `offset`; nil if there is none, or none whose envelope and prefix can be believed.
    func record(at offset: UInt64) throws(FileError) -> Record? {
        guard let header = RecordHeader(try file.read(RecordHeader.length, at: offset), mark: name.mark),
            offset + header.recordLength <= length
        else { return nil }
        var head = try file.read(header.headLength, at: offset + UInt64(RecordHeader.length))
        var checksum = Checksum()
        checksum.add(head)
        guard checksum.value == header.headChecksum, let envelope = head.readSlice(length: Int(header.envelopeLength)),
            let decoded = try? EnvelopeCodec.decode(envelope)
        else { return nil }
        return Record(header: header, envelope: decoded.envelope, origin: decoded.origin, prefix: head, offset: offset)
    }

    /// The version of the record at `offset`, whether it is known here or not; nil if there is none.
    func version(at offset: UInt64) throws(FileError) -> UInt16? {
        RecordHeader.versioned(try file.read(RecordHeader.length, at: offset), mark: name.mark)?.version
    }

    /// The body of a record, which is empty if it is a file; nil if it does not agree with its checksum.
    func body(of record: Record) throws(FileError) -> ByteBuffer? {
        guard !record.header.flags.contains(.bodyIsFile) else { return ByteBuffer() }
        let body = try file.read(Int(record.header.bodyLength), at: record.offset + record.header.bodyOffset)
        var checksum = Checksum()
        checksum.add(body)
        return checksum.value == record.header.bodyChecksum ? body : nil
    }

    /// Where the segment's mark occurs next, from `offset` on; nil if nowhere.
    func nextMark(from offset: UInt64) throws(FileError) -> UInt64? {
        var pattern = ByteBuffer()
        pattern.writeInteger(name.mark, endianness: .little)
        var position = offset
        while position < length {
            let piece = try file.read(1 << 20, at: position)
            if let found = Self.position(of: pattern, in: piece) { return position + UInt64(found) }
            if piece.readableBytes < pattern.readableBytes { return nil }
            // A mark may lie across two pieces.
            position += UInt64(piece.readableBytes - pattern.readableBytes + 1)
        }
        return nil
    }

    private static func position(of pattern: ByteBuffer, in piece: ByteBuffer) -> Int? {
        piece.withUnsafeReadableBytes { bytes in
            pattern.withUnsafeReadableBytes { wanted in
                guard let start = bytes.baseAddress, let mark = wanted.baseAddress else { return nil }
                var position = 0
                while position + wanted.count <= bytes.count {
                    let rest = bytes.count - wanted.count + 1 - position
                    guard let found = memchr(start + position, Int32(wanted[0]), rest) else { return nil }
                    position = UnsafeRawPointer(found) - start
                    if memcmp(start + position, mark, wanted.count) == 0 { return position }
                    position += 1
                }
                return nil
            }
        }
    }

    /// Up to where the file holds anything but zeros, not before `offset`.
    func lastContent(from offset: UInt64) throws(FileError) -> UInt64 {
        var position = offset
        var last = offset
        while position < length {
            let piece = try file.read(1 << 20, at: position)
            guard piece.readableBytes > 0 else { break }
            let content = piece.withUnsafeReadableBytes { $0.lastIndex { $0 != 0 } }
            if let content { last = position + UInt64(content) + 1 }
            position += UInt64(piece.readableBytes)
        }
        return last
    }

    func read(_ count: Int, at offset: UInt64) throws(FileError) -> ByteBuffer {
        try file.read(count, at: offset)
    }
}
