/// Why a resolver cannot be set up.
public struct ResolverError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
