public import MailCore

/// The Received fields of a message, by which a mail loop is noticed (RFC 5321 §6.3).
public enum ReceivedTrace {
    /// How much of a message is searched.
    public static let searchLimit = 256 * 1_024

    /// How often the header says that `host` received the message.
    ///
    /// - Parameter bytes: the message, or its front.
    public static func count(by host: Domain, in bytes: UnsafeRawBufferPointer) -> Int {
        var header = HeaderBlock(UnsafeRawBufferPointer(rebasing: bytes.prefix(searchLimit)))
        var count = 0
        while let field = header.next() {
            if field.isNamed("Received"), self.host(in: field.text) == host { count += 1 }
        }
        return count
    }

    /// The domain behind the word `by`.
    private static func host(in text: String) -> Domain? {
        let words = text.split { $0 == " " || $0 == "\t" || $0 == ";" }
        guard let by = words.firstIndex(where: { $0.lowercased() == "by" }), by + 1 < words.count else { return nil }
        return try? Domain(String(words[by + 1]))
    }
}
