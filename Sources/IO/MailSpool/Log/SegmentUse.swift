/// What lives in each segment of the log.
struct SegmentUse: Hashable, Sendable {
    struct Live: Hashable, Sendable {
        var messages = 0
        var octets: UInt64 = 0
    }

    private(set) var live: [UInt64: Live] = [:]

    mutating func add(_ segment: UInt64, messages: Int = 1, octets: UInt64) {
        live[segment, default: Live()].messages += messages
        live[segment, default: Live()].octets += octets
    }

    mutating func remove(_ segment: UInt64, octets: UInt64) {
        guard var use = live[segment] else { return }
        use.messages -= 1
        use.octets -= min(octets, use.octets)
        live[segment] = use.messages > 0 ? use : nil
    }

    func isEmpty(_ segment: UInt64) -> Bool { live[segment] == nil }

    /// Octets of all segments that something needs.
    var octets: UInt64 { live.values.reduce(0) { $0 + $1.octets } }
}
