import MailSASL

/// Base64 as tokens and keys have it (RFC 7515 §2): with `-` and `_`, without padding.
enum Base64URL {
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        var usual = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        usual += String(repeating: "=", count: (4 - usual.utf8.count % 4) % 4)
        return SASLBase64.decode(usual)
    }
}
