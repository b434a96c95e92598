/// What is wrong with a message, and where.
public struct MessageDefect: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The first line is a continuation, and of nothing.
        case continuationWithoutField = "continuation-without-field"
        /// The header ends at a line that is neither a field nor empty; the line counts to the body.
        case headerNotEnded = "header-not-ended"
        /// A multipart that names no boundary (RFC 2046 §5.1.1), or one beyond the limit; it is read as text.
        case noBoundary = "no-boundary"
        /// The boundary of a multipart never comes.
        case boundaryNotFound = "boundary-not-found"
        /// A multipart has no end line.
        case notClosed = "not-closed"
        /// A multipart or message with an encoding that RFC 2045 §6.4 forbids for it.
        case compositeEncoded = "composite-encoded"
        /// Parts lie deeper than the limit; the innermost is not taken apart.
        case tooDeep = "too-deep"
        /// There are more parts than the limit; the rest counts to the last one.
        case tooManyParts = "too-many-parts"
        /// There are more header fields than the limit; the rest is not read.
        case tooManyFields = "too-many-fields"
        /// The encoding of the body is unknown; the body is taken as it is.
        case unknownEncoding = "unknown-encoding"
        /// Octets that base64, quoted-printable or uuencode have no place for.
        case badEncoding = "bad-encoding"
        /// The charset is unknown; the text is read as UTF-8 or, where it is none, as windows-1252.
        case unknownCharset = "unknown-charset"
        /// Octets that are no text in the charset; U+FFFD stands for them.
        case badCharset = "bad-charset"
    }

    public let kind: Kind
    /// Where it is, in octets from the start of the message.
    public let offset: Int
}
