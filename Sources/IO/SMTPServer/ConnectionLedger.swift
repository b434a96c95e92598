public import MailCore
import NIOConcurrencyHelpers

/// How many connections there may be.
public struct ConnectionLimits: Hashable, Sendable {
    /// Of all peers together.
    public var total: Int
    /// Of one address.
    public var perAddress: Int
    /// Of one /24 of IPv4 or one /64 of IPv6.
    public var perNetwork: Int

    public init(total: Int = 10_000, perAddress: Int = 50, perNetwork: Int = 200) {
        self.total = total
        self.perAddress = perAddress
        self.perNetwork = perNetwork
    }

    /// The last tenth of all connections is for addresses that have none yet.
    var open: Int { total - total / 10 }
}

/// Counts the connections of all listeners, so that no peer can take them all.
public final class ConnectionLedger: Sendable {
    /// Why a connection is not taken.
    public enum Refusal: Equatable, Sendable {
        case tooMany
        case tooManyFromAddress
        case tooManyFromNetwork
    }

    private struct Counts {
        var total = 0
        var addresses: [IPAddress: Int] = [:]
        var networks: [IPNetwork: Int] = [:]
    }

    private let limits: ConnectionLimits
    private let counts = NIOLockedValueBox(Counts())

    public init(limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Counts a connection in, unless there are too many. What was counted in must `leave`.
    ///
    /// - Parameter isTrusted: whether only the total matters.
    public func enter(_ address: IPAddress?, isTrusted: Bool) -> Refusal? {
        counts.withLockedValue { counts in
            guard counts.total < limits.total else { return .tooMany }
            if let address {
                let network = Self.network(of: address)
                let ofAddress = counts.addresses[address, default: 0]
                let ofNetwork = counts.networks[network, default: 0]
                if !isTrusted {
                    if ofAddress >= limits.perAddress { return .tooManyFromAddress }
                    if ofNetwork >= limits.perNetwork { return .tooManyFromNetwork }
                    if ofAddress > 0, counts.total >= limits.open { return .tooMany }
                }
                counts.addresses[address] = ofAddress + 1
                counts.networks[network] = ofNetwork + 1
            }
            counts.total += 1
            return nil
        }
    }

    public func leave(_ address: IPAddress?) {
        counts.withLockedValue { counts in
            counts.total -= 1
            guard let address else { return }
            let network = Self.network(of: address)
            counts.addresses[address] = counts.addresses[address].flatMap { $0 > 1 ? $0 - 1 : nil }
            counts.networks[network] = counts.networks[network].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }

    /// The connections there are.
    public var total: Int { counts.withLockedValue(\.total) }

    private static func network(of address: IPAddress) -> IPNetwork {
        if case .v4 = address { return IPNetwork(containing: address, prefixLength: 24) }
        return IPNetwork(containing: address, prefixLength: 64)
    }
}
