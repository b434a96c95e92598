/// What an address is by RFC 5322 and RFC 5321: not whether mail can reach it.
public struct AddressSyntax: Hashable, Sendable {
    /// From the best to the worst.
    public enum Category: String, Hashable, Sendable, Comparable, CaseIterable {
        /// A plain address.
        case valid
        /// Good for SMTP, and unusual: quoted, an address literal, a top-level domain.
        case rfc5321
        /// Good with its comments and blanks taken away.
        case cfws
        /// An obsolete form (RFC 5322 §4), to be read and not to be written.
        case deprec
        /// Good in a header by its grammar, and nothing that SMTP can carry.
        case rfc5322
        /// No address.
        case err

        public static func < (one: Category, other: Category) -> Bool {
            (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
        }
    }

    public let category: Category
    /// The local part as it is written, without blanks and comments; nil for no address.
    public let localPart: String?
    /// The domain or literal as it is written, without blanks and comments; nil for no address.
    public let domain: String?

    public init(_ text: some Sequence<UInt8>) {
        var reader = AddressSyntaxReader(Array(text))
        self = reader.read()
    }

    init(category: Category, localPart: String?, domain: String?) {
        self.category = category
        self.localPart = localPart
        self.domain = domain
    }
}
