import MailCore
import MailDirectory

extension AddressDirectory {
    /// The local user whose own mailbox this is; nil for aliases, lists and everybody elsewhere.
    func user(at address: EmailAddress) -> String? {
        if case .mailbox(let mailbox) = lookup(address) { mailbox.user.text } else { nil }
    }
}
