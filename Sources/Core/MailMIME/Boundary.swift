import CText
import MailCore

/// The line between the parts of a message (RFC 2046 §5.1.1), made from the message itself: Core knows no randomness.
package enum Boundary {
    /// A boundary that occurs in none of the parts. Quoted-printable and base64 never hold its `=_`.
    package static func choose(for parts: [[UInt8]]) -> String {
        var hash = FNV1a()
        for part in parts { hash.add(part) }
        var boundary = name(hash)
        while parts.contains(where: { holds($0, Array(boundary.utf8)) }) {
            hash.add(boundary.utf8)
            boundary = name(hash)
        }
        return boundary
    }

    /// Whether the boundary is in there; it is looked at only where its first octet is.
    private static func holds(_ text: [UInt8], _ boundary: [UInt8]) -> Bool {
        text.withUnsafeBytes { text in
            guard let base = text.baseAddress else { return false }
            var start = 0
            while start + boundary.count <= text.count,
                let found = memchr(base + start, Int32(boundary[0]), text.count - start - boundary.count + 1)
            {
                if memcmp(found, boundary, boundary.count) == 0 { return true }
                start = UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }

    private static func name(_ hash: FNV1a) -> String { "=_\(String(hash.value, radix: 36))" }
}

/// The hash of Fowler, Noll and Vo in its variant 1a, 64 bits wide: small, and the same on every machine.
private struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
