/// Counts the recipients of each user: as many at once as in an hour, and then as the hour goes on.
struct SubmissionRates: Sendable {
    private static let mostUsers = 100_000

    private var used: [String: (count: Double, at: Double)] = [:]

    /// Counts one more; false if there have been too many.
    ///
    /// - Parameter now: seconds of a clock that never goes back.
    mutating func count(_ user: String, perHour limit: Int, at now: Double) -> Bool {
        let rest = { (entry: (count: Double, at: Double)) in
            max(0, entry.count - (now - entry.at) * Double(limit) / 3_600)
        }
        if used.count >= Self.mostUsers { used = used.filter { rest($0.value) > 0 } }
        let count = used[user].map(rest) ?? 0
        guard count + 1 <= Double(limit) else { return false }
        used[user] = (count + 1, now)
        return true
    }
}
