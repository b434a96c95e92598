public import MailCore

/// A local address whose mail goes to its members, with reports to its owner (RFC 5321 §3.9.2).
public struct MailingList: Hashable, Sendable {
    public var address: EmailAddress
    public var members: [EmailAddress]
    /// Who hears what could not be delivered; nil for the address `ownerName` in the list's domain.
    public var owner: EmailAddress?

    public init(_ address: EmailAddress, members: [EmailAddress], owner: EmailAddress? = nil) {
        self.address = address
        self.members = members
        self.owner = owner
    }

    /// `staff-owner` for the list `staff`; `postmaster` where that would be too long. The address exists without being
    /// configured: it leads to the owner, or to the domain's postmaster.
    public var ownerName: LocalPart {
        (try? LocalPart(address.localPart.text + "-owner")) ?? .postmaster
    }

    /// The reverse path of everything that is sent to the members.
    public var reversePath: ReversePath {
        .mailbox(owner ?? EmailAddress(localPart: ownerName, host: address.host))
    }
}
