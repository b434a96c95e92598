/// What a TLS library says, in words for a log or an outcome.
public enum TLSFailure {
    /// The reason in the text of an error, without the library's file names and numbers.
    public static func reason(in text: String) -> String {
        if text.contains("EOF during handshake") { return "the peer closed the connection during the handshake" }
        if text.contains("uncleanShutdown") { return "the peer closed the connection without saying so" }
        let mark = "OPENSSL_internal:"
        guard let range = text.firstRange(of: mark) else { return String(text.prefix(longest)) }
        let reason = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return reason.prefix(longest).lowercased().replacing("_", with: " ")
    }

    private static let longest = 200
}
