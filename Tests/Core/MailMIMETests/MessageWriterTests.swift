import MailCore
import MailMIME
import Testing

/// A message is written piece by piece, and files in it are never whole in memory.
@Suite struct MessageWriterTests {
    static let file = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    @Test(arguments: [1, 2, 3, 56, 57, 58, 100, 999, 1_000])
    func aFileReadsTheSameInPiecesOfAnySize(pieceSize: Int) throws {
        let expected = try message(.bytes(Self.file)).bytes
        let message = try message(.file(path: "/a", size: 1_000))
        #expect(try write(message, pieceSize: pieceSize) == expected)
        #expect(MessageWriter(message).size == UInt64(expected.count))
    }

    @Test(arguments: [0, 1, 57, 58, 57 * 1_024, 57 * 1_024 + 1, 200_000])
    func theSizeIsKnownBefore(count: Int) throws {
        let message = try message(.bytes([UInt8](repeating: 7, count: count)))
        #expect(MessageWriter(message).size == UInt64(message.bytes.count))
        let fromFile = try self.message(.file(path: "/a", size: UInt64(count)))
        #expect(MessageWriter(fromFile).size == UInt64(message.bytes.count))
    }

    @Test func aFileOfAGibibyteComesInSmallPieces() throws {
        var writer = MessageWriter(try message(.file(path: "/a", size: 1 << 30)))
        #expect(writer.size > 1 << 30)
        var reads = 0
        while reads < 3, let step = writer.next() {
            guard case .read(let path) = step else { continue }
            #expect(path == "/a")
            reads += 1
            try writer.append([UInt8](repeating: 7, count: 1_000))
            guard case .write(let bytes)? = writer.next() else {
                Issue.record("nothing was written")
                return
            }
            #expect(bytes.count < 1_500)
        }
        #expect(reads == 3)
    }

    @Test(arguments: [999, 1_001]) func aFileThatChangesIsNoticed(size: UInt64) throws {
        let message = try message(.file(path: "/a", size: size))
        #expect(throws: CompositionError.fileChanged(path: "/a")) { try write(message, pieceSize: 100) }
    }

    private func message(_ content: MailAttachment.Content) throws -> MailMessage {
        let attachment = try MailAttachment(fileName: "a.bin", content: content)
        return try MailMessage(
            from: "ann@example.org", to: ["bob@example.org"], subject: "File", text: "See there\n",
            attachments: [attachment, attachment], date: Timestamp(microseconds: 0), messageID: "1@example.org")
    }

    private func write(_ message: MailMessage, pieceSize: Int) throws -> [UInt8] {
        var writer = MessageWriter(message)
        var output: [UInt8] = []
        var rest = Self.file[...]
        while let step = writer.next() {
            switch step {
            case .write(let bytes): output += bytes
            case .read where rest.isEmpty:
                try writer.endFile()
                rest = Self.file[...]
            case .read:
                try writer.append(Array(rest.prefix(pieceSize)))
                rest = rest.dropFirst(pieceSize)
            }
        }
        return output
    }
}
