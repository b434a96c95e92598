import Crypto
import MailMIME

/// Length and checksum of a decoded body, read piece by piece.
struct BodyDigest {
    let length: Int
    let sha256: String
    let defect: MessageDefect.Kind?

    init(_ part: MessagePart) {
        var hash = SHA256()
        var length = 0
        defect = part.forEachDecodedPiece { piece in
            hash.update(data: piece)
            length += piece.count
        }
        self.length = length
        sha256 = SHA256Text.of(hash.finalize())
    }
}

/// The digests of all parts of a message, each made once, where it is first asked for.
final class BodyDigests {
    private var digests: [BodyDigest?]

    init(_ message: ParsedMessage) {
        digests = Array(repeating: nil, count: message.partCount)
    }

    subscript(part: MessagePart) -> BodyDigest {
        if let digest = digests[part.index] { return digest }
        let digest = BodyDigest(part)
        digests[part.index] = digest
        return digest
    }
}

enum SHA256Text {
    private static let digits = Array("0123456789abcdef".utf8)

    static func of(_ digest: SHA256.Digest) -> String {
        String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
