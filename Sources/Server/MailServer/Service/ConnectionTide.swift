/// Notices when most of many connections have gone, and no more are just going.
struct ConnectionTide: Sendable {
    private static let many = 500

    private var most = 0
    private var last = 0

    /// - Parameter count: the connections there are now.
    /// - Returns: whether they are less than half of the most since this was true before, and those were many.
    mutating func hasEbbed(to count: Int) -> Bool {
        defer { last = count }
        most = max(most, count)
        guard most >= Self.many, count < most / 2, count >= last else { return false }
        most = count
        return true
    }
}
