public import MailCore

/// A resolver that answers questions.
public struct NameServer: Hashable, Sendable {
    public let address: IPAddress
    public let port: UInt16

    public init(_ address: IPAddress, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }

    /// As libunbound writes it.
    var forwardAddress: String { "\(address)@\(port)" }
}
