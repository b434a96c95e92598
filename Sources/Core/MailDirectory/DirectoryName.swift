import MailCore

/// What one name of a local domain stands for.
enum DirectoryName: Sendable {
    case mailbox(Mailbox)
    case alias(AddressAlias)
    case list(MailingList)
    /// A name that nobody configured and that leads on: a list's owner, or postmaster.
    case implied(EmailAddress)
}

/// The names of one local domain, by folded local part.
struct DirectoryDomain: Sendable {
    var names: [String: DirectoryName] = [:]
    var catchAll: EmailAddress?

    /// The name and, if only its part before the separator is known, what follows the separator. A name that is known
    /// whole wins, so that `c++` can be a user.
    func find(_ localPart: LocalPart, separator: UInt8) -> (name: DirectoryName, detail: String?)? {
        let folded = localPart.folded
        if let name = names[folded] { return (name, nil) }
        let bytes = localPart.text.utf8
        guard let split = bytes.firstIndex(of: separator), split != bytes.startIndex,
            let base = try? LocalPart(String(localPart.text[..<split])), let name = names[base.folded]
        else { return nil }
        return (name, String(localPart.text[bytes.index(after: split)...]))
    }
}
