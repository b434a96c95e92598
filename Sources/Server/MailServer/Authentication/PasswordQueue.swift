/// Counts the checks of passwords that wait or are under way. Each keeps a core busy for some 20 ms: whoever has just
/// guessed wrong takes so little of the room that others are heard soon.
struct PasswordQueue: Sendable {
    private static let most = 32
    private static let mostOfSuspects = 4

    private var all = 0
    private var suspects = 0

    /// - Parameter isSuspect: whether somebody has just failed at or near the address that this one comes from.
    /// - Returns: whether there is room. Who was given some must `leave`.
    mutating func enter(isSuspect: Bool) -> Bool {
        guard all < Self.most, !isSuspect || suspects < Self.mostOfSuspects else { return false }
        all += 1
        if isSuspect { suspects += 1 }
        return true
    }

    mutating func leave(isSuspect: Bool) {
        all -= 1
        if isSuspect { suspects -= 1 }
    }
}
