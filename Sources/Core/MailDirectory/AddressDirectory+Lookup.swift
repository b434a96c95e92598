public import MailCore

extension AddressDirectory {
    /// What `address` is here. Local parts are matched without regard to case, and a name that is not known whole is
    /// tried without its subaddress detail. A local part such as `ann%example.net` or `example.net!ann` means nothing
    /// but itself.
    public func lookup(_ address: EmailAddress) -> AddressLookup {
        guard let name = address.domain, let domain = domains[name] else { return .notLocal }
        guard let found = domain.find(address.localPart, separator: Self.separatorByte) else {
            return domain.catchAll.map(AddressLookup.catchAll) ?? .unknownUser
        }
        switch found.name {
        case .mailbox(var mailbox):
            mailbox.detail = found.detail
            return .mailbox(mailbox)
        case .list(let list): return .list(list)
        case .implied(let address): return .alias(to: [address], tell: false)
        case .alias(let alias):
            switch alias.rule {
            case .forward(let targets, let tell): return .alias(to: targets, tell: tell)
            case .moved(let address): return .moved(to: address)
            }
        }
    }

    /// Whether mail for `domain` ends here.
    public func isLocal(_ domain: Domain) -> Bool { domains[domain] != nil }

    private static let separatorByte = UInt8(ascii: "+")
}
