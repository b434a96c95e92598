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
    /// The time, as RFC 5322 writes it.
    let date: String

    /// The field with its line end.
    var text: String {
        let from = [name, peer.map { "([\($0.literal)])" }].compactMap(\.self).joined(separator: " ")
        let whom = recipient.map { "\r\n\tfor <\($0)>" } ?? ""
        return "Received: from \(from)\r\n\tby \(hostname) with \(transmission) id \(id)\(whom);\r\n\t\(date)\r\n"
    }

    /// What the peer called itself, if that is a domain or an address literal; anything else does not get into a header.
    private var name: String? {
        let address = peer.map { "[\($0.literal)]" } ?? "localhost"
        guard let hello, let parsed = try? EmailAddress("x@\(hello.name)"), parsed.isASCII else { return address }
        return parsed.host.description
    }
}
