public import MilterClient

/// A filter of somebody else's that sessions are shown to, by the milter protocol.
public struct FilterSettings: Hashable, Sendable {
    /// What becomes of mail while the filter is away.
    public enum Absence: String, Hashable, Sendable, CaseIterable {
        /// It goes on without the filter.
        case accept
        /// The client is asked to come again.
        case tempfail
        case reject
    }

    /// Its name in the log.
    public var name: String
    public var address: MilterAddress
    public var absence: Absence
    public var patience: MilterPatience
    /// The listeners whose sessions it sees; empty for all.
    public var listeners: [String]

    public init(
        name: String, address: MilterAddress, absence: Absence = .tempfail, patience: MilterPatience = .init(),
        listeners: [String] = []
    ) {
        self.name = name
        self.address = address
        self.absence = absence
        self.patience = patience
        self.listeners = listeners
    }
}
