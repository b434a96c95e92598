/// Why a text is no mail address. `description` is one clause, fit for a reply or a configuration error.
public struct AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
