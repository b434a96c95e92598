/// What a message/external-body says (RFC 2046 §5.2.3): the body is elsewhere.
public struct ExternalBody: Sendable {
    /// How to reach it, in lower case: `anon-ftp`, `ftp`, `tftp`, `local-file`, `mail-server`, `url` (RFC 2017), or another.
    public let accessType: String
    /// The body's URL (RFC 2017); nil where there is none.
    public let url: String?
    /// The file's name, for the types that have files.
    public let name: String?
    /// The host that has the file; for a local file, the hosts that see it.
    public let site: String?
    public let directory: String?
    /// The address to which mail for the body goes.
    public let server: String?
    /// After when the body may be gone.
    public let expiration: MailDate?
    /// In octets.
    public let size: Int?
    /// The header fields of the body that is not here, such as its Content-Type and Content-ID.
    public let header: ParsedMessage
}

extension MessagePart {
    /// Where the body is, for a message/external-body; nil for every other part, and for one that does not say.
    public var externalBody: ExternalBody? {
        guard let type = contentType, type.value == "message/external-body", let access = type["access-type"] else {
            return nil
        }
        let header = message.octets[bodyRange.prefix(Self.longestPhantomHeader)]
        return ExternalBody(
            accessType: access.lowercased(),
            // Blanks in it are no part of the URL (RFC 2017 §3).
            url: type["url"].map { $0.filter { !$0.isWhitespace } }, name: type["name"], site: type["site"],
            directory: type["directory"], server: type["server"],
            expiration: type["expiration"].flatMap { MailDate(Array($0.utf8)) },
            size: type["size"].flatMap { Int($0) }, header: MessageParser.parse(header))
    }

    /// How many octets of the body are looked at for header fields.
    private static let longestPhantomHeader = 65_536
}
