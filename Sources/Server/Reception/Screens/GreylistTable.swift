import MailCore

/// Who has been here before: when each triplet of client network, sender and recipient came first. It forgets what has not
/// come for long, and the oldest when it is full.
struct GreylistTable {
    /// Triplets of each of two generations, some 50 octets each.
    static let generation = 100_000
    /// How long after its first attempt a client may come again and be known.
    fileprivate static let memory = Duration.seconds(2 * 86_400)
    /// How long a client that has come again is let through.
    fileprivate static let lifetime = Duration.seconds(36 * 86_400)

    struct Visit {
        var first: Timestamp
        /// When it was last let through; nil for one that never was.
        var passed: Timestamp?
    }

    private var young: [UInt64: Visit] = [:]
    private var old: [UInt64: Visit] = [:]
    /// Grows with each visit.
    private(set) var changes = 0

    /// Remembers nobody yet, or what another table knew.
    init(_ visits: some Sequence<(key: UInt64, visit: Visit)> = EmptyCollection()) {
        for (key, visit) in visits { old[key] = visit }
    }

    /// Triplets that are remembered.
    var count: Int { young.count + old.count }

    /// All that is remembered and still known.
    func visits(at now: Timestamp) -> [(key: UInt64, visit: Visit)] {
        [old, young].flatMap { generation in
            generation.lazy.filter { $0.value.isKnown(at: now) }.map { (key: $0.key, visit: $0.value) }
        }
    }

    /// Whether a triplet may pass, for it came first at least `pause` ago.
    ///
    /// - Parameter key: a hash of the triplet.
    mutating func admits(_ key: UInt64, at now: Timestamp, pause: Duration) -> Bool {
        let known = (young[key] ?? old.removeValue(forKey: key)).flatMap { $0.isKnown(at: now) ? $0 : nil }
        var visit = known ?? Visit(first: now)
        let isAdmitted = visit.passed != nil || now - visit.first >= pause
        if isAdmitted { visit.passed = now }
        young[key] = visit
        changes += 1
        if young.count >= Self.generation { (old, young) = (young, [:]) }
        return isAdmitted
    }
}

extension GreylistTable.Visit {
    fileprivate func isKnown(at now: Timestamp) -> Bool {
        if let passed { return now - passed < GreylistTable.lifetime }
        // After a clock has been set back, nobody waits until it is as late again.
        guard first <= now else { return false }
        return now - first < GreylistTable.memory
    }
}
