import Foundation
import FuzzDriver
import MailCore

/// Addresses, domains and networks, as peers and configurations write them. What is read says what was read: its
/// description is read again as the same.
@main
enum AddressFuzzer {
    private static let seeds = [
        "ann@example.org", #""a b"@example.org"#, "a+b@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "grüße@例え.jp",
        "192.0.2.0/24", "2001:db8::/32", "::ffff:192.0.2.1", "5.1.1", "1HQ2M5C8TXB",
    ]

    static func main() throws {
        let named = Dictionary(uniqueKeysWithValues: seeds.enumerated().map { ("text-\($0)", Data($1.utf8)) })
        try FuzzDriver.main(seeds: named) { input in
            let text = String(decoding: input, as: UTF8.self)
            expectSame(text) { try EmailAddress($0) }
            expectSame(text) { try Domain($0) }
            expectSame(text) { try IPNetwork($0) }
            expectSame(text) { IPAddress($0) }
            expectSame(text) { EnhancedStatusCode($0) }
            expectSame(text) { QueueID($0) }
            expectBounded(text)
            return true
        }
    }

    private static func expectSame<Value: Equatable & CustomStringConvertible>(
        _ text: String, _ read: (String) throws -> Value?
    ) {
        guard let value = try? read(text) else { return }
        let again = try? read(value.description)
        expect(again == value, "\(Value.self): \(text) is \(value), and that is \(String(describing: again))")
    }

    /// What is taken as an address fits into a command, and cannot break out of it.
    private static func expectBounded(_ text: String) {
        guard let address = try? EmailAddress(text) else { return }
        let octets = address.description.utf8
        expect(
            octets.count <= 2 * LocalPart.maximumLength + 3 + Domain.maximumLength + 2, "\(octets.count) octets")
        expect(octets.allSatisfy { $0 >= 32 && $0 != 127 }, "a control character in \(address)")
    }
}
