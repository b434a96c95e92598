package import MailCore

/// Makes addresses of what callers write, a name alone among them.
package struct AddressCompletion: Sendable {
    /// The domain of a name alone.
    package let domain: Domain

    package init(domain: Domain) {
        self.domain = domain
    }

    /// - Throws: `AddressError` with what is wrong.
    package func address(_ text: String) throws(AddressError) -> EmailAddress {
        guard text.utf8.contains(ASCII.at) else {
            return EmailAddress(localPart: try LocalPart(text), host: .domain(domain))
        }
        return try EmailAddress(text)
    }

    /// A reverse path: nothing, or `<>`, is the null one.
    package func reversePath(_ text: String) throws(AddressError) -> ReversePath {
        guard let address = AddressList.addresses(in: text.utf8).first else { return .null }
        return .mailbox(try self.address(address))
    }
}
