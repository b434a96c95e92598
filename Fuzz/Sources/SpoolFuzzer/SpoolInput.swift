import Foundation

/// A segment of the log made from a fuzzer's input. Its checksums are right where they matter for getting any further:
/// a fuzzer does not guess them.
///
/// The input is a number of pieces, each begun by an octet that says what it is: octets as they are, or a record with a
/// length and an envelope of the input's choice.
struct SpoolInput {
    static let mark: UInt64 = 0x0123_4567_89ab_cdef
    static let segment = "000000000001-0123456789abcdef.log"
    private static let raw: UInt8 = 0
    private static let record: UInt8 = 1

    private(set) var log = Data()
    private(set) var records = 0

    init(_ input: UnsafeRawBufferPointer) {
        var rest = input[...]
        while let kind = rest.popFirst() {
            let length = Int(rest.popFirst() ?? 0)
            let piece = rest.prefix(length)
            rest = rest.dropFirst(length)
            if kind & 1 == Self.raw {
                log += piece
            } else {
                addRecord(envelope: piece, kind: kind)
            }
        }
    }

    private mutating func addRecord(envelope: Slice<UnsafeRawBufferPointer>, kind: UInt8) {
        records += 1
        let prefix = Data("Received: x\r\n".utf8)
        let body = Data("Subject: y\r\n\r\n".utf8)
        let head = Data(envelope) + prefix
        var header = Data()
        func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { header += $0 } }
        append(Self.mark)
        append(UInt16(kind & 0x80 == 0 ? 1 : 2))
        append(UInt16(kind >> 1 & 7))
        append(UInt32(envelope.count))
        append(UInt32(prefix.count))
        append(kind & 0x40 == 0 ? UInt64(body.count) : .max)
        append(UInt64(records))
        append(Int64(records))
        append(Self.checksum(head))
        append(Self.checksum(body))
        append(Self.checksum(header))
        log += header + head + (kind & 2 == 0 ? body : Data())
    }

    /// CRC-32 as in zlib, bit by bit.
    private static func checksum(_ octets: Data) -> UInt32 {
        ~octets.reduce(~0) { value, octet in
            (0..<8).reduce(value ^ UInt32(octet)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xedb8_8320) }
        }
    }

    /// An input with sound records.
    static func seed(envelopes: Int, flags: UInt8 = 0) -> Data {
        func text(_ text: String) -> Data { Data([UInt8(text.utf8.count), 0, 0, 0]) + Data(text.utf8) }
        let start = Data([1]) + text("you@example.net") + Data([255, 255, 255, 0])
        let envelope = start + Data([1, 0, 0, 0]) + text("ann@example.org") + Data([255, 0])
        let piece = Data([record | flags << 1, UInt8(envelope.count)]) + envelope
        return (0..<envelopes).reduce(Data()) { seed, _ in seed + piece }
    }
}
