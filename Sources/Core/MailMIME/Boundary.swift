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

/// A hash after Fowler, Noll and Vo, variant 1a, that takes eight octets at a time in four lanes beside each other: small,
/// and the same on every machine.
private struct TextHash {
    private static let basis: UInt64 = 0xCBF2_9CE4_8422_2325

    private(set) var value = basis

    mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var position = 0
            if bytes.count >= 32 {
                var lanes = (value, Self.basis, Self.basis &+ 1, Self.basis &+ 2)
                while position + 32 <= bytes.count {
                    lanes.0 = Self.joined(lanes.0, Self.word(bytes, position))
                    lanes.1 = Self.joined(lanes.1, Self.word(bytes, position + 8))
                    lanes.2 = Self.joined(lanes.2, Self.word(bytes, position + 16))
                    lanes.3 = Self.joined(lanes.3, Self.word(bytes, position + 24))
                    position += 32
                }
                value = Self.joined(Self.joined(Self.joined(lanes.0, lanes.1), lanes.2), lanes.3)
            }
            while position + 8 <= bytes.count {
                value = Self.joined(value, Self.word(bytes, position))
                position += 8
            }
            for byte in bytes[position...] { value = Self.joined(value, UInt64(byte)) }
        }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    private static func joined(_ value: UInt64, _ word: UInt64) -> UInt64 {
        let product = (value ^ word) &* 0x100_0000_01B3
        // A product carries upwards only.
        return product ^ product >> 32
    }
}
