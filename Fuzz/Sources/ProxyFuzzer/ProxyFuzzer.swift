import Foundation
import FuzzDriver
import NIOCore
import SMTPCore

/// What proxies say of the client behind them: PROXY headers of both versions, and XCLIENT. However the octets are cut, the
/// same client comes out, and what follows the header is untouched.
@main
enum ProxyFuzzer {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    private static let seeds: [String: [UInt8]] = [
        "one-4": Array("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\nEHLO c\r\n".utf8),
        "one-6": Array("PROXY TCP6 2001:db8::7 2001:db8::1 4711 25\r\n".utf8),
        "one-unknown": Array("PROXY UNKNOWN\r\n".utf8),
        "two-4": signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 192, 0, 2, 1, 0x12, 0x67, 0, 25, 65],
        "two-local": signature + [0x20, 0x00, 0, 0],
        "xclient": Array("NAME=a.example ADDR=IPV6:2001:db8::1 PORT=1 PROTO=ESMTP HELO=a+20b LOGIN=[UNAVAILABLE]".utf8),
    ]

    static func main() throws {
        try FuzzDriver.main(seeds: seeds.mapValues { Data($0) }) { input in
            let octets = Array(input)
            checkHeader(octets)
            checkAttributes(octets)
            return true
        }
    }

    private static func checkHeader(_ octets: [UInt8]) {
        let (whole, rest) = read([octets])
        let (byOctet, _) = read(octets.map { [$0] })
        expect(whole == byOctet, "\(String(describing: whole)) in one piece, \(String(describing: byOctet)) by octets")
        if let whole, whole != .malformed {
            expect(octets.suffix(rest.count) == rest[...], "what follows the header was changed")
        } else {
            expect(rest == octets, "what is no header was taken")
        }
    }

    /// - Returns: the first result, and what is left of the input when all pieces are there.
    private static func read(_ pieces: [[UInt8]]) -> (ProxyHeaderReader.Result?, rest: [UInt8]) {
        let reader = ProxyHeaderReader()
        var input = ByteBuffer()
        var result: ProxyHeaderReader.Result?
        for piece in pieces {
            input.writeBytes(piece)
            if result == nil { result = reader.next(from: &input) }
        }
        return (result, Array(input.readableBytesView))
    }

    /// What an attribute holds fits into a log line or a header.
    private static func checkAttributes(_ octets: [UInt8]) {
        guard case .clientAttributes(let attributes)? = try? CommandParser.parse(Array("XCLIENT ".utf8) + octets) else {
            return
        }
        for text in [attributes.name, attributes.hello, attributes.login].compactMap(\.self) {
            expect(!text.isEmpty && text.utf8.count <= 255, "\(text.utf8.count) octets")
            expect(text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }, "a control character in \(text)")
        }
    }
}
