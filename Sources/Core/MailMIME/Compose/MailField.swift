import MailCore

/// A header field of the author's own: `List-Unsubscribe`, `X-Mailer`, and such.
public struct MailField: Hashable, Sendable {
    /// Without the colon.
    public let name: String
    /// The text as a reader sees it, in one line.
    public let value: String

    /// The longest run of octets without a place to fold.
    private static let longestToken = 900

    /// - Throws: `CompositionError.controlCharacter`, `.tooLong`, or `.field` if the name is none, belongs to a field that
    ///   the message has a property for, or wants addresses and the value is not ASCII.
    public init(_ name: String, _ value: String) throws(CompositionError) {
        guard (1...76).contains(name.utf8.count),
            name.utf8.allSatisfy({ $0 > ASCII.space && $0 < 0x7F && $0 != ASCII.colon })
        else { throw .field(name, reason: "a name is printable ASCII without blanks and colons") }
        let lowercased = name.lowercased()
        if Self.composed.contains(lowercased) {
            throw .field(name, reason: "it is made from the message itself")
        }
        try CompositionError.check(value, "value of \(name)")
        if Self.structured.contains(lowercased), !Self.isVerbatim(value) {
            throw .field(name, reason: "its value may only be ASCII, in words of at most \(Self.longestToken) octets")
        }
        self.name = name
        self.value = value
    }

    /// Reads `Name: value`.
    ///
    /// - Throws: as `init(_:_:)` does, and `.field` where there is no colon.
    public init(parsing line: String) throws(CompositionError) {
        guard let colon = line.utf8.firstIndex(of: ASCII.colon) else {
            throw .field(line, reason: "there is no colon; write it as Name: value")
        }
        let value = line[line.utf8.index(after: colon)...]
        try self.init(String(line[..<colon]), String(value.drop { $0 == " " || $0 == "\t" }))
    }

    /// Writes the field as it travels.
    func append(to output: inout [UInt8]) {
        let tokens = Self.isVerbatim(value) ? Self.tokens(of: value) : EncodedWord.words(of: value)
        FieldWriter.append(name, tokens, to: &output)
    }

    private static func isVerbatim(_ value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= ASCII.space && $0 < 0x7F) || $0 == ASCII.tab } && !value.contains("=?")
            && value.first != " " && value.last != " " && value.first != "\t" && value.last != "\t"
            && tokens(of: value).allSatisfy { $0.utf8.count <= longestToken }
    }

    /// The value in pieces between which one space stands; more than one stay within a piece.
    private static func tokens(of value: String) -> [String] {
        var tokens: [[UInt8]] = []
        var isGlued = false
        for word in Array(value.utf8).split(separator: ASCII.space, omittingEmptySubsequences: false) {
            if isGlued || word.isEmpty, let last = tokens.indices.last {
                tokens[last] += [ASCII.space] + word
            } else {
                tokens.append(Array(word))
            }
            isGlued = word.isEmpty
        }
        return tokens.map { String(utf8: $0) }.filter { !$0.isEmpty }
    }

    /// What `MailMessage` writes itself.
    private static let composed: Set<String> = [
        "bcc", "cc", "content-disposition", "content-id", "content-transfer-encoding", "content-type", "date", "from",
        "in-reply-to", "message-id", "mime-version", "references", "reply-to",
        "return-path", "subject", "to",
    ]

    /// Fields whose values are addresses, times or lists of tokens, in which encoded words have no place everywhere.
    private static let structured: Set<String> = [
        "authentication-results", "auto-submitted", "disposition-notification-to", "dkim-signature", "errors-to",
        "importance", "list-archive", "list-help", "list-id", "list-owner", "list-post", "list-subscribe",
        "list-unsubscribe", "list-unsubscribe-post", "precedence", "priority", "received", "resent-bcc", "resent-cc",
        "resent-date", "resent-from", "resent-message-id", "resent-sender", "resent-to", "return-receipt-to", "sender",
        "x-priority",
    ]
}
