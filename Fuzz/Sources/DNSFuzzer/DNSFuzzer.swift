import Foundation
import FuzzDriver
import MailCore

/// What name servers answer: whole packets, and the data of records.
@main
enum DNSFuzzer {
    /// A header with one question and two answers: the question's name is an alias (RFC 1035 §3.3.1) of one with an address.
    private static let packet: [UInt8] =
        [0, 1, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0] + [1, 97, 1, 98, 0, 0, 1, 0, 1]
        + [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, 99, 0xC0, 14]
        + [0xC0, 29, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]

    private static let seeds: [String: [UInt8]] = [
        "packet": packet, "address": [192, 0, 2, 1], "exchange": [0, 10, 1, 97, 7] + Array("example".utf8) + [0],
        "text": [3] + Array("v=s".utf8) + [2] + Array("pf".utf8), "root": [0, 0, 0],
    ]

    static func main() throws {
        try FuzzDriver.main(seeds: seeds.mapValues { Data($0) }) { input in
            if let aliases = DNSAnswerPacket(input).aliases {
                expect(aliases * 10 <= input.count, "\(aliases) aliases in \(input.count) octets")
            }
            let data = Array(input)
            for type in [DNSRecordType.a, .ptr, .mx, .txt, .aaaa] { check(DNSRecord(type: type, data: data), data) }
            return true
        }
    }

    private static func check(_ record: DNSRecord?, _ data: [UInt8]) {
        switch record {
        case .mx(_, let name), .name(let name):
            expect(!name.hasPrefix(".") && !name.contains(".."), "\(name) has an empty label")
            // What is no UTF-8 becomes U+FFFD, of three octets.
            expect(name.utf8.count <= 3 * Domain.maximumLength, "\(name.utf8.count) octets of name")
        case .text(let text): expect(text.count < data.count || data.isEmpty, "\(text.count) octets of \(data.count)")
        case .address(.v6(let address)): expect(address.mapped == nil, "a mapped address is not the IPv4 address")
        case .address(.v4), nil: break
        }
    }
}
