import MailCore
import QueueCore

/// A message as the index keeps it, without its recipients.
struct IndexedMessage: Hashable, Sendable {
    var id: QueueID
    var arrived: Timestamp
    var place: LogPlace
    var envelopeLength: UInt64
    var prefixLength: UInt64
    var bodyLength: UInt64
    var bodyIsFile: Bool
    var reversePath: ReversePath
    var options: EnvelopeOptions

    init(_ record: LoggedRecord) {
        id = record.header.id
        arrived = record.header.arrived
        place = record.place
        envelopeLength = UInt64(record.header.envelopeLength)
        prefixLength = UInt64(record.header.prefixLength)
        bodyLength = record.header.bodyLength
        bodyIsFile = record.header.flags.contains(.bodyIsFile)
        reversePath = record.envelope.reversePath
        options = record.envelope.options
    }

    init(
        id: QueueID, arrived: Timestamp, place: LogPlace, envelopeLength: UInt64, prefixLength: UInt64,
        bodyLength: UInt64, bodyIsFile: Bool, reversePath: ReversePath, options: EnvelopeOptions
    ) {
        self.id = id
        self.arrived = arrived
        self.place = place
        self.envelopeLength = envelopeLength
        self.prefixLength = prefixLength
        self.bodyLength = bodyLength
        self.bodyIsFile = bodyIsFile
        self.reversePath = reversePath
        self.options = options
    }

    var prefixOffset: UInt64 { place.offset + UInt64(RecordHeader.length) + envelopeLength }
    var bodyOffset: UInt64 { prefixOffset + prefixLength }
    /// Octets of the record in the log.
    var recordLength: UInt64 {
        UInt64(RecordHeader.length) + envelopeLength + prefixLength + (bodyIsFile ? 0 : bodyLength)
    }
}
