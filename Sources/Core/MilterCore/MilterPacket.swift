import struct NIOCore.ByteBuffer

/// One unit of the milter protocol: its length in four octets, a letter, and what belongs to it.
struct MilterPacket: Hashable, Sendable {
    /// The longest packet that is read, in octets. Filters send bodies in chunks of 65,535 at most.
    static let longest = 128 * 1_024

    let letter: UInt8
    /// The letter for the log, or its number where it is none.
    var sign: String { letter > 0x20 && letter < 0x7F ? String(Character(Unicode.Scalar(letter))) : "\(letter)" }
    var body: ByteBuffer

    init(_ letter: Character, _ body: ByteBuffer = ByteBuffer()) {
        self.letter = letter.asciiValue ?? 0
        self.body = body
    }

    private init(letter: UInt8, body: ByteBuffer) {
        self.letter = letter
        self.body = body
    }

    /// Takes the next packet out of `input`; nil if it is not complete yet.
    static func next(from input: inout ByteBuffer) throws(MilterFailure) -> MilterPacket? {
        guard let length: UInt32 = input.getInteger(at: input.readerIndex) else { return nil }
        guard length > 0 else { throw .malformed("an empty packet") }
        guard length <= longest else { throw .tooMuch("a packet of \(length) octets") }
        guard input.readableBytes >= 4 + Int(length) else { return nil }
        input.moveReaderIndex(forwardBy: 4)
        guard let letter: UInt8 = input.readInteger(), let body = input.readSlice(length: Int(length) - 1) else {
            return nil
        }
        return MilterPacket(letter: letter, body: body)
    }

    func write(to output: inout ByteBuffer) {
        output.writeInteger(UInt32(body.readableBytes + 1))
        output.writeInteger(letter)
        output.writeImmutableBuffer(body)
    }
}

extension ByteBuffer {
    /// Writes a text and the NUL that ends it. What stands behind a NUL of its own is left out.
    mutating func writeTerminated(_ text: some Sequence<UInt8>) {
        writeBytes(text.prefix { $0 != 0 })
        writeInteger(UInt8(0))
    }

    mutating func writeTerminated(_ text: String) { writeTerminated(text.utf8) }

    /// Reads up to a NUL; nil if there is none.
    mutating func readTerminated() -> [UInt8]? {
        guard let end = readableBytesView.firstIndex(of: 0) else { return nil }
        let text = Array(readableBytesView[..<end])
        moveReaderIndex(to: end + 1)
        return text
    }
}
