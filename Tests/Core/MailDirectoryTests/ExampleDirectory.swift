import MailCore
import MailDirectory

/// The directory most tests ask: example.org with users and a list, example.net with a catch-all.
func exampleDirectory(
    aliases: [String: [String]] = [:], lists: [MailingList] = [], postmaster: String? = nil
) throws -> AddressDirectory {
    AddressDirectory(
        domains: [
            LocalDomain(
                try Domain("example.org"), users: try ["Ann", "bob", "c++"].map(LocalPart.init),
                delivery: .maildir(root: "/mail")),
            LocalDomain(
                try Domain("example.net"), users: [try LocalPart("ann")], catchAll: try EmailAddress("ann@example.net"),
                delivery: .maildir(root: "/mail")),
            LocalDomain(try Domain("void.example"), users: [try LocalPart("bin")], delivery: .discard),
        ],
        aliases: try aliases.sorted { $0.key < $1.key }.map { name, targets in
            AddressAlias(try EmailAddress(name), .forward(to: try targets.map(address), tell: false))
        },
        lists: lists, postmaster: try postmaster.map(address))
}

func address(_ text: String) throws -> EmailAddress { try EmailAddress(text) }

/// The addresses a message for `recipient` goes to, as text, or nil if it is not expanded.
func expansion(of recipient: String, in directory: AddressDirectory) throws -> [String]? {
    guard case .expand(let recipients) = directory.resolve(try address(recipient)) else { return nil }
    return recipients.map(\.address.description)
}
