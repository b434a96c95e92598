/// Counts the checks of passwords that wait or are under way. Each keeps a core busy for some 20 ms: whoever is not known,
/// and more so who has just guessed wrong, takes so little of the room that users are heard soon.
struct PasswordQueue: Sendable {
    private static let most = 32
    private static let mostOfStrangers = 16
    private static let mostOfSuspects = 4

    private var counts: [PeerStanding: Int] = [:]

    /// - Returns: whether there is room. Who was given some must `leave`.
    mutating func enter(_ standing: PeerStanding) -> Bool {
        let hasRoom =
            switch standing {
            case .familiar: count(.familiar, .stranger, .suspect) < Self.most
            case .stranger: count(.stranger, .suspect) < Self.mostOfStrangers
            case .suspect: count(.suspect) < Self.mostOfSuspects && count(.stranger, .suspect) < Self.mostOfStrangers
            }
        if hasRoom { counts[standing, default: 0] += 1 }
        return hasRoom
    }

    mutating func leave(_ standing: PeerStanding) { counts[standing, default: 0] -= 1 }

    private func count(_ standings: PeerStanding...) -> Int { standings.reduce(0) { $0 + counts[$1, default: 0] } }
}
