/// An address as a header names it (RFC 5322 §3.4): of a mailbox, or a group of them.
public enum HeaderAddress: Hashable, Sendable {
    case mailbox(HeaderMailbox)
    case group(name: String, [HeaderMailbox])

    /// The addresses of a field such as From or To, in their order. What is no address has a name only.
    ///
    /// - Parameter fieldValue: what follows the field's colon.
    public static func list(_ fieldValue: [UInt8]) -> [HeaderAddress] {
        fieldValue.withUnsafeBufferPointer { list($0) }
    }

    static func list(_ fieldValue: UnsafeBufferPointer<UInt8>) -> [HeaderAddress] {
        if let plain = PlainAddresses.read(fieldValue) { return plain }
        var reader = AddressListReader(Array(fieldValue))
        return reader.list()
    }

    /// The mailbox, or those of the group.
    public var mailboxes: [HeaderMailbox] {
        switch self {
        case .mailbox(let mailbox): [mailbox]
        case .group(_, let mailboxes): mailboxes
        }
    }
}

/// A mailbox as a header names it. Its address may be none that mail can be sent to.
public struct HeaderMailbox: Hashable, Sendable {
    /// The display name with encoded words read, and comments behind it in brackets; a comment where there is no name.
    public let name: String?
    /// Without blanks, comments and an obsolete route (RFC 5322 §4.4); nil if there is none.
    public let address: String?

    public init(name: String?, address: String?) {
        self.name = name
        self.address = address
    }
}
