import Foundation
import FuzzDriver
import NIOCore
import SMTPCore

/// The first octets of whoever should speak TLS, and what the library says when that failed. However the octets are cut,
/// the same cipher suite is found.
@main
enum TLSFuzzer {
    private static let hello: [UInt8] =
        [22, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3] + [UInt8](repeating: 7, count: 32) + [32]
        + [UInt8](repeating: 9, count: 32) + [0x13, 2, 0, 0, 46]

    private static let seeds: [String: [UInt8]] = [
        "hello": hello, "short": Array(hello.prefix(43)) + [0, 0xC0, 0x2F, 0], "alert": [21, 3, 1, 0, 2, 2, 40],
        "long": Array(hello.prefix(43)) + [255] + [UInt8](repeating: 1, count: 40),
        "error": Array(
            "Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at /a:1".utf8),
    ]

    static func main() throws {
        try FuzzDriver.main(seeds: seeds.mapValues { Data($0) }) { input in
            let octets = Array(input)
            let whole = read([octets])
            let byOctet = read(octets.map { [$0] })
            expect(whole == byOctet, "\(whole) in one piece, \(byOctet) by octets")
            if let suite = whole.suite { check(suite, in: octets) }
            let reason = TLSFailure.reason(in: String(decoding: input, as: UTF8.self))
            expect(reason.count <= 400, "\(reason.count) characters of reason")
            return true
        }
    }

    private struct Reading: Equatable {
        var suite: UInt16?
        var isDone: Bool
    }

    private static func read(_ pieces: [[UInt8]]) -> Reading {
        var reader = ServerHelloReader()
        for piece in pieces { reader.receive(ByteBuffer(bytes: piece)) }
        return Reading(suite: reader.cipherSuite, isDone: reader.isDone)
    }

    /// It stands behind the session ID of a server's hello.
    private static func check(_ suite: UInt16, in octets: [UInt8]) {
        let place = 44 + Int(octets[43])
        expect(octets[0] == 22 && octets[5] == 2, "a cipher suite in what is no server's hello")
        expect(octets.count >= place + 2 && octets[43] <= 32, "a cipher suite behind the hello")
        expect(suite == UInt16(octets[place]) << 8 | UInt16(octets[place + 1]), "another cipher suite")
        expect(!TLSCipherSuite.name(suite).isEmpty, "a cipher suite without a name")
    }
}
