import MailCore

extension LocalPart {
    /// The name that exists in every domain (RFC 5321 §4.5.1).
    static let postmaster: LocalPart = {
        guard let name = try? LocalPart("postmaster") else { preconditionFailure("postmaster is a local part") }
        return name
    }()
}
