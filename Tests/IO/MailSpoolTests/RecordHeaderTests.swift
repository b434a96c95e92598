import MailCore
import NIOCore
import Testing

@testable import MailSpool

@Suite struct RecordHeaderTests {
    private static let mark: UInt64 = 0x1122_3344_5566_7789
    private let header = RecordHeader(
        flags: [.bodyIsFile], envelopeLength: 10, prefixLength: 20, bodyLength: 30, id: QueueID(rawValue: 40),
        arrived: Timestamp(microseconds: 50), headChecksum: 60, bodyChecksum: 70)

    private var encoded: ByteBuffer {
        var buffer = ByteBuffer()
        header.encode(mark: Self.mark, into: &buffer)
        return buffer
    }

    @Test func whatIsWrittenIsReadBack() {
        #expect(encoded.readableBytes == RecordHeader.length)
        #expect(RecordHeader(encoded, mark: Self.mark) == header)
    }

    @Test func aBodyInAFileTakesNoRoomInTheLog() {
        var inLog = header
        inLog.flags = []
        #expect(header.recordLength == UInt64(RecordHeader.length + 30))
        #expect(inLog.recordLength == UInt64(RecordHeader.length + 60))
    }

    @Test func aChangeOfAnyBitIsNoticed() {
        for bit in 0..<RecordHeader.length * 8 {
            var changed = encoded
            let octet = changed.getInteger(at: bit / 8, as: UInt8.self) ?? 0
            changed.setInteger(octet ^ (1 << (bit % 8)), at: bit / 8)
            #expect(RecordHeader(changed, mark: Self.mark) == nil)
        }
    }

    @Test func aHeaderOfAnotherSegmentIsNone() {
        #expect(RecordHeader(encoded, mark: Self.mark ^ 2) == nil)
        #expect(RecordHeader(ByteBuffer(), mark: Self.mark) == nil)
    }

    @Test func aSegmentsNameIsReadBack() {
        let name = SegmentName(number: 12, mark: 0xAB)
        #expect(name.fileName == "000000000012-00000000000000ab.log")
        #expect(SegmentName(name.fileName) == name)
        #expect(SegmentName("000000000012-0000000000000000.log") == nil)
        #expect(SegmentName("000000000012.log") == nil)
    }
}
