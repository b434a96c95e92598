/// Counts the checks of passwords, or of tokens by whoever gave them out, that wait or are under way. Each keeps a core
/// busy for some 20 ms, or somebody else for longer: whoever is not known, and more so who has just guessed wrong, takes
/// so little of the room that users are heard soon.
struct CheckQueue: Sendable {
    private static let most = 32
    private static let mostOfStrangers = 16
    private static let mostOfSuspects = 4

    private var counts: [PeerStanding: Int] = [:]

    /// - Returns: whether there is room. Who was given some must `leave`.
    mutating func enter(_ standing: PeerStanding) -> Bool {
        guard count(.familiar, .stranger, .suspect) < Self.most,
            standing == .familiar || count(.stranger, .suspect) < Self.mostOfStrangers,
            standing != .suspect || count(.suspect) < Self.mostOfSuspects
        else { return false }
        counts[standing, default: 0] += 1
        return true
    }

    mutating func leave(_ standing: PeerStanding) { counts[standing, default: 0] -= 1 }

    private func count(_ standings: PeerStanding...) -> Int { standings.reduce(0) { $0 + counts[$1, default: 0] } }
}
