import MailCore
import NIOCore

/// The fixed part in front of a record of the log, little-endian:
///
/// | offset | octets | what |
/// |---|---|---|
/// | 0 | 8 | the segment's mark; zero is the end of the log |
/// | 8 | 2 | version, 1 |
/// | 10 | 2 | flags: 1 = the body is a file, 2 = a copy of an earlier record |
/// | 12 | 4 | length of the envelope |
/// | 16 | 4 | length of the prefix |
/// | 20 | 8 | length of the body |
/// | 28 | 8 | queue ID |
/// | 36 | 8 | arrival, microseconds since 1970 |
/// | 44 | 4 | CRC-32 of envelope and prefix |
/// | 48 | 4 | CRC-32 of the body |
/// | 52 | 4 | CRC-32 of the 52 octets before |
///
/// Envelope, prefix and, unless it is a file, the body follow.
struct RecordHeader: Hashable, Sendable {
    static let length = 56
    static let version: UInt16 = 1
    /// The longest envelope and the longest prefix, in octets.
    static let maximumPartLength = 16 << 20

    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let bodyIsFile = Flags(rawValue: 1)
        static let copy = Flags(rawValue: 2)
    }

    var flags: Flags
    var envelopeLength: UInt32
    var prefixLength: UInt32
    var bodyLength: UInt64
    var id: QueueID
    var arrived: Timestamp
    var headChecksum: UInt32
    var bodyChecksum: UInt32

    /// Octets of envelope and prefix.
    var headLength: Int { Int(envelopeLength) + Int(prefixLength) }
    /// Octets of the whole record in the log.
    var recordLength: UInt64 {
        UInt64(Self.length + headLength) + (flags.contains(.bodyIsFile) ? 0 : bodyLength)
    }

    /// Where the body begins, counted from the record's beginning.
    var bodyOffset: UInt64 { UInt64(Self.length + headLength) }

    /// Appends the header to `buffer`.
    func encode(mark: UInt64, into buffer: inout ByteBuffer) {
        let start = buffer.writerIndex
        buffer.writeInteger(mark, endianness: .little)
        buffer.writeInteger(Self.version, endianness: .little)
        buffer.writeInteger(flags.rawValue, endianness: .little)
        buffer.writeInteger(envelopeLength, endianness: .little)
        buffer.writeInteger(prefixLength, endianness: .little)
        buffer.writeInteger(bodyLength, endianness: .little)
        buffer.writeInteger(id.rawValue, endianness: .little)
        buffer.writeInteger(arrived.microseconds, endianness: .little)
        buffer.writeInteger(headChecksum, endianness: .little)
        buffer.writeInteger(bodyChecksum, endianness: .little)
        var checksum = Checksum()
        checksum.add(buffer, from: start)
        buffer.writeInteger(checksum.value, endianness: .little)
    }

    /// Reads a header; nil unless it is whole, bears the mark and agrees with its checksum.
    init?(_ buffer: ByteBuffer, mark: UInt64) {
        guard case (let version, var reader)? = Self.versioned(buffer, mark: mark), version == Self.version,
            let flags: UInt16 = reader.readInteger(endianness: .little),
            let envelopeLength: UInt32 = reader.readInteger(endianness: .little),
            let prefixLength: UInt32 = reader.readInteger(endianness: .little),
            let bodyLength: UInt64 = reader.readInteger(endianness: .little),
            let id: UInt64 = reader.readInteger(endianness: .little),
            let arrived: Int64 = reader.readInteger(endianness: .little),
            let headChecksum: UInt32 = reader.readInteger(endianness: .little),
            let bodyChecksum: UInt32 = reader.readInteger(endianness: .little),
            envelopeLength <= Self.maximumPartLength, prefixLength <= Self.maximumPartLength, bodyLength < 1 << 48
        else { return nil }
        self.init(
            flags: Flags(rawValue: flags), envelopeLength: envelopeLength, prefixLength: prefixLength,
            bodyLength: bodyLength, id: QueueID(rawValue: id), arrived: Timestamp(microseconds: arrived),
            headChecksum: headChecksum, bodyChecksum: bodyChecksum)
    }

    /// The version of a header that bears the mark and agrees with its checksum, and what follows the version.
    static func versioned(_ buffer: ByteBuffer, mark: UInt64) -> (version: UInt16, rest: ByteBuffer)? {
        var reader = buffer
        guard var fixed = reader.readSlice(length: length - 4),
            let expected: UInt32 = reader.readInteger(endianness: .little)
        else { return nil }
        var checksum = Checksum()
        checksum.add(fixed)
        guard checksum.value == expected, fixed.readInteger(endianness: .little) == mark,
            let version: UInt16 = fixed.readInteger(endianness: .little)
        else { return nil }
        return (version, fixed)
    }

    init(
        flags: Flags, envelopeLength: UInt32, prefixLength: UInt32, bodyLength: UInt64, id: QueueID,
        arrived: Timestamp, headChecksum: UInt32, bodyChecksum: UInt32
    ) {
        self.flags = flags
        self.envelopeLength = envelopeLength
        self.prefixLength = prefixLength
        self.bodyLength = bodyLength
        self.id = id
        self.arrived = arrived
        self.headChecksum = headChecksum
        self.bodyChecksum = bodyChecksum
    }
}
