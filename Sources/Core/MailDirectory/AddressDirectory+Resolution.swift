public import MailCore

extension AddressDirectory {
    /// Where a message for `address` goes now. Aliases and lists are followed to their ends at once; catch-alls and
    /// postmasters that lead to a local user give that mailbox without a further step, unless its mail is handed on:
    /// whoever gets it does not know the names that lead there.
    public func resolve(_ address: EmailAddress) -> AddressResolution {
        switch lookup(address) {
        case .mailbox(let mailbox): Self.delivery(to: mailbox)
        case .catchAll(let target): redirect(address, to: target)
        case .alias, .list: expand(address)
        case .moved(let address): .moved(to: address)
        case .unknownUser: .unknown
        case .notLocal: .notLocal
        }
    }

    private static func delivery(to mailbox: Mailbox) -> AddressResolution {
        mailbox.delivery == .discard ? .discard : .mailbox(mailbox)
    }

    private func redirect(_ address: EmailAddress, to target: EmailAddress) -> AddressResolution {
        if case .mailbox(let mailbox) = lookup(target), mailbox.delivery != .routed {
            return Self.delivery(to: mailbox)
        }
        return expand(address)
    }

    private func expand(_ address: EmailAddress) -> AddressResolution {
        var expansion = AliasExpansion(of: self)
        guard let recipients = expansion.recipients(of: address) else { return .tooManyExpansions }
        return .expand(recipients)
    }
}
