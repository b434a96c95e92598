import CText
import MailCore

/// The line between the parts of a message (RFC 2046 §5.1.1), made from the message itself: Core knows no randomness.
package enum Boundary {
    /// A boundary that occurs in none of the parts. Quoted-printable and base64 never hold its `=_`.
    package static func choose(for parts: [[UInt8]]) -> String {
        var hash = TextHash()
        for part in parts { hash.add(part) }
        var boundary = name(hash)
        while parts.contains(where: { holds($0, Array(boundary.utf8)) }) {
            hash.add(Array(boundary.utf8))
            boundary = name(hash)
        }
        return boundary
    }

    /// Whether the boundary is in there; it is looked at only where its second octet is, which is rarer than its first
    /// one in text that is quoted-printable.
    private static func holds(_ text: [UInt8], _ boundary: [UInt8]) -> Bool {
        text.withUnsafeBytes { text in
            guard let base = text.baseAddress else { return false }
            var start = 1
            while start - 1 + boundary.count <= text.count,
                let found = memchr(base + start, Int32(boundary[1]), text.count - start - boundary.count + 2)
            {
                if memcmp(found - 1, boundary, boundary.count) == 0 { return true }
                start = UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }

    private static func name(_ hash: TextHash) -> String { "=_\(String(hash.value, radix: 36))" }
}

/// A hash after Fowler, Noll and Vo, variant 1a, that takes eight octets at a time: small, and the same on every machine.
private struct TextHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var position = 0
            while position + 8 <= bytes.count {
                add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
                position += 8
            }
            for byte in bytes[position...] { add(UInt64(byte)) }
        }
    }

    private mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x100_0000_01B3
        // A product carries upwards only.
        value ^= value >> 32
    }
}
