import MailCore

/// Counts failures to log in. Whoever guesses from one place, or at one user, is heard ever more slowly; places are
/// closed for a while, users never are, since that would be a weapon against them. Where a user has logged in before, only
/// the failures from that very place count, not those from around it.
struct FailureLedger: Sendable {
    private enum Subject: Hashable {
        case network(IPNetwork)
        case user(String)
    }

    /// A bucket that runs full by failures and empties in time.
    private struct Bucket {
        var level: Double
        var at: Double

        func level(at now: Double) -> Double { max(0, level - (now - at) * FailureLedger.emptiedInSecond) }
    }

    /// Failures that one address may have at once; networks around it have more.
    private static let capacity = 20.0
    /// Forty in an hour.
    private static let emptiedInSecond = 40.0 / 3_600
    /// What a user may get wrong before the place counts as one that guesses.
    private static let mistakes = 2.0
    private static let longestPause = 8.0
    private static let mostBuckets = 100_000

    private var buckets: [Subject: Bucket] = [:]
    private var familiar = FamiliarAddresses()

    /// Whether anything from an address is heard.
    ///
    /// - Parameter now: seconds of a clock that never goes back.
    func isHeard(_ address: IPAddress?, at now: Double) -> Bool {
        var networks = Self.networks(around: address)[...]
        if let own = networks.first?.0, familiar.contains(own) { networks = networks.prefix(1) }
        return networks.allSatisfy { network, factor in level(.network(network), now) < factor * Self.capacity }
    }

    /// What is known of an address. A failure makes it and those around it suspect for a minute and a half, many for
    /// longer; where a user has logged in before, three of its own do.
    func standing(of address: IPAddress?, at now: Double) -> PeerStanding {
        let networks = Self.networks(around: address)
        if let own = networks.first?.0, familiar.contains(own) {
            return level(.network(own), now) <= Self.mistakes ? .familiar : .suspect
        }
        return networks.contains { level(.network($0.0), now) > 0 } ? .suspect : .stranger
    }

    /// How many seconds an answer to this user's name waits.
    func pause(for user: String, at now: Double) -> Double {
        let failures = level(.user(user.lowercased()), now)
        return failures < 3 ? 0 : min(Self.longestPause, 0.25 * failures)
    }

    mutating func failed(_ address: IPAddress?, user: String, at now: Double) {
        if buckets.count >= Self.mostBuckets { buckets = buckets.filter { $0.value.level(at: now) > 0 } }
        let subjects = Self.networks(around: address).map { Subject.network($0.0) } + [.user(user.lowercased())]
        for subject in subjects where buckets[subject] != nil || buckets.count < Self.mostBuckets {
            buckets[subject] = Bucket(level: level(subject, now) + 1, at: now)
        }
    }

    mutating func succeeded(_ address: IPAddress?, user: String) {
        guard let own = Self.networks(around: address).first?.0 else { return }
        familiar.add(own, of: user)
    }

    private func level(_ subject: Subject, _ now: Double) -> Double { buckets[subject]?.level(at: now) ?? 0 }

    /// The networks that an address stands for, its own first, each with how many addresses' failures it may have.
    private static func networks(around address: IPAddress?) -> [(IPNetwork, Double)] {
        guard let address else { return [] }
        let lengths: [(Int, Double)] =
            switch address {
            case .v4: [(32, 1), (26, 3), (21, 10)]
            case .v6: [(64, 1), (48, 10)]
            }
        return lengths.map { (IPNetwork(containing: address, prefixLength: $0), $1) }
    }
}
