import MailMIME
import Synchronization
import Testing

/// Messages that lie elsewhere than in an array, so large that they are looked at a piece at a time.
@Suite struct RegionTests {
    /// Octets in memory, which remembers what was released.
    private final class Region: OctetRegion, @unchecked Sendable {
        private let owned: UnsafeMutableRawBufferPointer
        let released = Mutex<[Range<Int>]>([])

        var octets: UnsafeRawBufferPointer { UnsafeRawBufferPointer(owned) }

        init(_ bytes: [UInt8]) {
            owned = .allocate(byteCount: bytes.count, alignment: 1)
            owned.copyBytes(from: bytes)
        }

        deinit { owned.deallocate() }

        func release(_ range: Range<Int>) { released.withLock { $0.append(range) } }
    }

    private static let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    private func message(_ encoding: String, _ body: [UInt8]) -> [UInt8] {
        Array(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n"
                .utf8)
            + body + Array("\r\n--b\r\n\r\ntext\r\n--b--\r\n".utf8)
    }

    @Test func `a region is read as an array is, and released from its start to its end`() {
        let bytes = message("base64", Base64.encodeLines(Self.large))
        let region = Region(bytes)
        let (mapped, whole) = (MessageParser.parse(region), MessageParser.parse(bytes))
        #expect(mapped.allParts.map(\.bodyRange) == whole.allParts.map(\.bodyRange))
        #expect(mapped.size == bytes.count)
        #expect(mapped.written() == bytes)
        let released = region.released.withLock { $0 }
        #expect(released.count > 3)
        #expect(released.reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == bytes.count)
    }

    @Test(arguments: ["base64", "quoted-printable", "8bit", "x-uuencode", "unheard-of"])
    func `a large body is decoded in pieces as it is at once`(encoding: String) throws {
        let body =
            switch encoding {
            case "base64": Base64.encodeLines(Self.large)
            case "quoted-printable": QuotedPrintable.encode(Self.large)
            case "x-uuencode":
                Array("text\nbegin 644 x\n\(String(repeating: "#0V%T\n", count: 500_000))`\nend\nmore".utf8)
            default: Self.large
            }
        let part = MessageParser.parse(Region(message(encoding, body))).allParts[1]
        var (pieces, largest, octets) = (0, 0, [UInt8]())
        let defect = part.forEachDecodedPiece { piece in
            (pieces, largest) = (pieces + 1, max(largest, piece.count))
            octets += piece
        }
        let whole = part.decodedBody()
        #expect(octets == whole.bytes)
        #expect(defect == whole.defect)
        #expect(pieces > 1 && largest <= 1 << 20)
    }

    @Test func `a body that is called uuencode and is none is given as it is`() {
        let part = MessageParser.parse(Array("Content-Transfer-Encoding: x-uuencode\n\nno file\n".utf8)).root
        var octets: [UInt8] = []
        #expect(part.forEachDecodedPiece { octets += $0 } == .badEncoding)
        #expect(octets == Array("no file\n".utf8))
    }

    @Test func `a line that is longer than a piece is read whole`() {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
        let part = MessageParser.parse(Region(Array("Content-Transfer-Encoding: quoted-printable\n\n".utf8) + line))
            .root
        var size = 0
        part.forEachDecodedPiece { size += $0.count }
        #expect(size == line.count)
    }
}
