package import MailCore

/// Follows aliases and lists to the addresses at their ends. Every address is followed once, however often it is
/// named, so that neither circles nor aliases of aliases make work grow beyond the number of names.
package struct AliasExpansion {
    /// How many aliases and lists one recipient may open.
    package static let maximumExpansions = 1_000
    /// How long a chain of aliases and lists may be.
    package static let maximumDepth = 20

    private let directory: AddressDirectory
    private var visited: Set<String> = []
    private var expansions = 0
    private var foundCircle = false

    package init(of directory: AddressDirectory) {
        self.directory = directory
    }

    /// The recipients that take the place of `address`, in the order in which the aliases name them; nil if a bound is
    /// passed or nothing is left but a circle.
    package mutating func recipients(of address: EmailAddress) -> [ExpandedRecipient]? {
        var ends: [ExpandedRecipient] = []
        var level = [ExpandedRecipient(address)]
        _ = isNew(address)
        for _ in 0...Self.maximumDepth {
            var next: [ExpandedRecipient] = []
            for recipient in level {
                guard let targets = targets(of: recipient) else {
                    ends.append(recipient)
                    continue
                }
                expansions += 1
                guard expansions <= Self.maximumExpansions else { return nil }
                for target in targets {
                    if isNew(target.address) { next.append(target) } else { foundCircle = true }
                }
            }
            if next.isEmpty { return ends.isEmpty && foundCircle ? nil : ends }
            level = next
        }
        return nil
    }

    /// What `recipient` stands for, or nil if it stands for itself. The owner of a list stays with everything behind
    /// it until another list begins.
    private func targets(of recipient: ExpandedRecipient) -> [ExpandedRecipient]? {
        switch directory.lookup(recipient.address) {
        case .alias(let targets, _):
            targets.map { ExpandedRecipient($0, reversePath: recipient.reversePath) }
        case .catchAll(let target): [ExpandedRecipient(target, reversePath: recipient.reversePath)]
        case .list(let list): list.members.map { ExpandedRecipient($0, reversePath: list.reversePath) }
        case .mailbox, .moved, .unknownUser, .notLocal: nil
        }
    }

    /// Local names are the same in any case; what the case means elsewhere is not ours to say (RFC 5321 §2.4).
    private mutating func isNew(_ address: EmailAddress) -> Bool {
        let isLocal = address.domain.map(directory.isLocal) ?? false
        let localPart = isLocal ? address.localPart.folded : address.localPart.text
        return visited.insert("\(localPart)@\(address.host)").inserted
    }
}
