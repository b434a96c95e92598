import MailCore
import NIOCore
import QueueCore

/// A message that waits to be written into the log.
struct PendingRecord: Sendable {
    let header: RecordHeader
    let envelope: Envelope
    /// What the message tells of, if it is a report.
    let origin: ReportOrigin?
    /// The encoded envelope, then the prefix.
    let head: ByteBuffer
    /// nil if the body is a file.
    let body: ByteBuffer?
    let completion: @Sendable (Result<Void, SinkError>) -> Void

    var length: Int { Int(header.recordLength) }

    /// The body, in memory or as a file.
    enum Body: Sendable {
        case memory(ByteBuffer)
        case file(length: UInt64)
    }

    /// - Throws: `.failed` if the envelope or the prefix is too long for a record.
    init(
        id: QueueID, arrived: Timestamp, envelope: Envelope, prefix: ByteBuffer, body: Body, bodyChecksum: UInt32,
        origin: ReportOrigin? = nil, isCopy: Bool = false,
        completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
    ) throws(SinkError) {
        var head = ByteBuffer()
        head.reserveCapacity(128 + 64 * envelope.recipients.count + prefix.readableBytes)
        EnvelopeCodec.encode(envelope, origin: origin, into: &head)
        let envelopeLength = head.readableBytes
        guard envelopeLength <= RecordHeader.maximumPartLength,
            prefix.readableBytes <= RecordHeader.maximumPartLength
        else { throw .failed("the envelope or the added header fields are too long") }
        head.writeImmutableBuffer(prefix)
        var headChecksum = Checksum()
        headChecksum.add(head)

        var flags: RecordHeader.Flags = isCopy ? .copy : []
        let bodyLength: UInt64
        switch body {
        case .memory(let buffer):
            self.body = buffer
            bodyLength = UInt64(buffer.readableBytes)
        case .file(let length):
            self.body = nil
            bodyLength = length
            flags.insert(.bodyIsFile)
        }
        header = RecordHeader(
            flags: flags, envelopeLength: UInt32(envelopeLength), prefixLength: UInt32(prefix.readableBytes),
            bodyLength: bodyLength, id: id, arrived: arrived, headChecksum: headChecksum.value,
            bodyChecksum: bodyChecksum)
        self.envelope = envelope
        self.origin = origin
        self.head = head
        self.completion = completion
    }

    /// The header fields that stand before the body.
    var prefix: ByteBuffer {
        let start = head.readerIndex + Int(header.envelopeLength)
        return head.getSlice(at: start, length: Int(header.prefixLength)) ?? ByteBuffer()
    }
}

/// A record that is durable, and where it lies.
struct LoggedRecord: Sendable {
    let header: RecordHeader
    let envelope: Envelope
    /// What the message tells of, if it is a report.
    let origin: ReportOrigin?
    let place: LogPlace

    /// Where the record behind it begins.
    var end: LogPlace { LogPlace(segment: place.segment, offset: place.offset + header.recordLength) }
}
