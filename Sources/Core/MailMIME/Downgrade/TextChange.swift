/// What is changed in a text: the body of a part, or what stands outside of all parts.
enum TextChange: Hashable, Sendable {
    case keep
    /// What no reader shows, and what cannot travel.
    case leaveOut
    case quotedPrintable
    case base64
    /// Quoted-printable is kept, but for octets beyond ASCII and for lines that are too long.
    case mendQuotedPrintable
    /// Base64 is put into lines again, without octets that mean nothing in it.
    case mendBase64
}
