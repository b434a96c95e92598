package import MailCore
import MailMIME

/// The user who calls, as the system knows it.
package struct LocalSender: Equatable, Sendable {
    package let login: String
    /// What is known of the person: the first part of the GECOS field.
    package let fullName: String

    /// - Parameter gecos: its first part is the name; `&` stands for the login name.
    package init(login: String, gecos: String) {
        self.login = login
        let name = gecos.prefix { $0 != "," }
        let capitalised = login.prefix(1).uppercased() + login.dropFirst()
        fullName = name.replacing("&", with: capitalised).filter { !String($0).hasControlOrLineEnd }
    }

    /// The value of a From field for `address`.
    ///
    /// - Parameter name: what is said instead of the full name.
    package func author(_ address: EmailAddress, name: String?) -> String {
        let name = (name ?? fullName).filter { !String($0).hasControlOrLineEnd }
        if name.isEmpty { return "\(address)" }
        return "\(Phrase.tokens(of: name).joined(separator: " ")) <\(address)>"
    }
}
