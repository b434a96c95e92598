import MailCore
import SMTPCore

/// The trace of one hop, put in front of every message taken in (RFC 5321 §4.4).
struct ReceivedField {
    let hello: HelloCommand?
    let peer: IPAddress?
    /// Our name.
    let hostname: String
    /// How the message came, in the words of RFC 3848.
    let transmission: String
    let id: QueueID
    /// The recipient, where there is only one: others are nobody's business.
    let recipient: EmailAddress?
    /// How the connection was encrypted; nil where it was not.
    var tls: TLSSession?
    /// The time, as RFC 5322 writes it.
    let date: String

    /// The field with its line end.
    var text: String {
        let from = [name, peer.map { "([\($0.literal)])" }].compactMap(\.self).joined(separator: " ")
        let whom = recipient.map { "\r\n\tfor <\($0)>" } ?? ""
        let trace = "Received: from \(from)\r\n\tby \(hostname) with \(transmission) id \(id)"
        return "\(trace)\(whom)\(tlsClause);\r\n\t\(date)\r\n"
    }

    /// The cipher suite as RFC 8314 §7.4 writes it, with the version as a comment.
    private var tlsClause: String {
        guard let tls, let cipher = tls.cipher else { return "" }
        return "\r\n\ttls \(cipher) (\(tls.version))"
    }

    /// What the peer called itself, if that is a domain or an address literal; anything else does not get into a header.
    private var name: String? {
        let address = peer.map { "[\($0.literal)]" } ?? "localhost"
        guard let hello, let parsed = try? EmailAddress("x@\(hello.name)"), parsed.isASCII else { return address }
        return parsed.host.description
    }
}
