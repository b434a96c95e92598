import MailCore

/// Remembers where users have logged in from, so that strangers who guess do not stand in their way.
struct FamiliarAddresses: Sendable {
    /// So that no single account makes a whole network familiar.
    private static let mostOfUser = 8
    private static let mostUsers = 10_000

    private var networks: [String: [IPNetwork]] = [:]
    private var users: [IPNetwork: Int] = [:]

    func contains(_ network: IPNetwork) -> Bool { users[network] != nil }

    /// The oldest of a user's networks is forgotten for the newest.
    mutating func add(_ network: IPNetwork, of user: String) {
        if networks[user] == nil, networks.count >= Self.mostUsers, let other = networks.first?.key { forget(other) }
        var known = networks[user] ?? []
        if let place = known.firstIndex(of: network) {
            known.append(known.remove(at: place))
        } else {
            known.append(network)
            users[network, default: 0] += 1
        }
        if known.count > Self.mostOfUser { leave(known.removeFirst()) }
        networks[user] = known
    }

    private mutating func forget(_ user: String) {
        for network in networks.removeValue(forKey: user) ?? [] { leave(network) }
    }

    private mutating func leave(_ network: IPNetwork) {
        guard let count = users[network] else { return }
        users[network] = count > 1 ? count - 1 : nil
    }
}
