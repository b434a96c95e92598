import MailCore
import NIOCore
import SMTPCore
import Testing

/// The PROXY protocol, versions 1 and 2, as it comes in.
struct ProxyHeaderReaderTests {
    static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    private func read(_ octets: [UInt8]) -> (ProxyHeaderReader.Result?, rest: [UInt8]) {
        var input = ByteBuffer(bytes: octets)
        let result = ProxyHeaderReader().next(from: &input)
        return (result, Array(input.readableBytesView))
    }

    private func client(_ address: String, _ port: UInt16) throws -> ProxyHeaderReader.Result {
        .client(try #require(IPAddress(address)), port: port)
    }

    private static let binary4 = signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 192, 0, 2, 1, 0x12, 0x67, 0, 25]

    @Test func `a line of version 1 names the client, and what follows it stays`() throws {
        let (result, rest) = read(Array("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\nEHLO c\r\n".utf8))
        #expect(result == (try client("192.0.2.7", 4_711)))
        #expect(rest == Array("EHLO c\r\n".utf8))
        #expect(read(Array("PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n".utf8)).0 == (try client("2001:db8::7", 1)))
    }

    @Test func `a header of version 2 names the client, whatever else it bears`() throws {
        #expect(read(Self.binary4 + [65]).0 == (try client("192.0.2.7", 4_711)))
        #expect(read(Self.binary4 + [65]).rest == [65])
        let six = [UInt8](repeating: 0x20, count: 16) + [UInt8](repeating: 1, count: 16) + [0, 7, 0, 25]
        let header = Self.signature + [0x21, 0x21, 0, 43] + six + [4, 0, 4, 1, 2, 3, 4]
        #expect(read(header).0 == (try client("2020:2020:2020:2020:2020:2020:2020:2020", 7)))
        #expect(read(header).rest == [])
    }

    @Test func `a proxy may speak for itself`() {
        #expect(read(Array("PROXY UNKNOWN\r\n".utf8)).0 == .proxy)
        #expect(read(Array("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n".utf8)).0 == .proxy)
        #expect(read(Self.signature + [0x20, 0x00, 0, 0]).0 == .proxy)
        #expect(read(Self.signature + [0x21, 0x00, 0, 3, 1, 2, 3]).0 == .proxy)
    }

    @Test(arguments: [
        "EHLO c\r\n", "PROXX", "proxy TCP4 192.0.2.7 192.0.2.1 1 2\r\n", "PROXY TCP4 192.0.2.7 192.0.2.1 1\r\n",
        "PROXY TCP4 192.0.2.7 2001:db8::1 1 2\r\n", "PROXY TCP4 192.0.2.7 192.0.2.1 65536 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 -2\r\n", "PROXY TCP4  192.0.2.7 192.0.2.1 1 2\r\n", "PROXY TCP4\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 1 2\n", "PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n",
        "PROXY \(String(repeating: "x", count: 200))\r\n",
    ])
    func `what is no line of version 1 is malformed`(text: String) {
        #expect(read(Array(text.utf8)).0 == .malformed)
    }

    @Test func `what is no header of version 2 is malformed`() {
        #expect(read([13, 10, 13, 11]).0 == .malformed)
        #expect(read(Self.signature + [0x11, 0x11, 0, 12] + [UInt8](repeating: 0, count: 12)).0 == .malformed)
        #expect(read(Self.signature + [0x22, 0x11, 0, 12] + [UInt8](repeating: 0, count: 12)).0 == .malformed)
        #expect(read(Self.signature + [0x21, 0x12, 0, 12] + [UInt8](repeating: 0, count: 12)).0 == .malformed)
        #expect(read(Self.signature + [0x21, 0x11, 0, 11] + [UInt8](repeating: 0, count: 11)).0 == .malformed)
        #expect(read(Self.signature + [0x21, 0x11, 0xFF, 0xFF]).0 == .malformed)
    }

    @Test(arguments: [
        Array("PROXY TCP6 2001:db8::7 2001:db8::1 4711 25\r\n".utf8), Array("PROXY UNKNOWN\r\n".utf8), binary4,
    ])
    func `a header that comes in pieces is the same`(header: [UInt8]) {
        let whole = read(header).0
        for cut in 0..<header.count {
            #expect(read(Array(header[..<cut])).0 == nil, "\(cut) octets say nothing yet")
        }
        #expect(whole != nil && whole != .malformed)
    }

    @Test func `however a header is mistyped and cut, it comes to the same, and what is no header stays`() {
        let headers = [
            Array("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\nEHLO c\r\n".utf8), Self.binary4 + [65, 66],
            Array("PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n".utf8), Self.signature + [0x20, 0, 0, 0, 13, 10],
        ]
        var random = SeededGenerator(seed: 7)
        for turn in 0..<4_000 {
            var octets = headers[turn % headers.count]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                octets[Int.random(in: octets.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            let (whole, rest) = read(octets)
            var (input, pieces) = (ByteBuffer(), ProxyHeaderReader.Result?.none)
            for octet in octets where pieces == nil {
                input.writeInteger(octet)
                pieces = ProxyHeaderReader().next(from: &input)
            }
            #expect(pieces == whole, "\(octets)")
            if whole == nil || whole == .malformed { #expect(rest == octets) }
        }
    }
}
