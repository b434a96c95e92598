/// Values that wait and are taken from each of their owners in turn; those of one owner leave in the order in which they
/// came.
struct RoundRobin<Owner: Hashable & Sendable, Value: Sendable>: Sendable {
    private var lines: [Owner: FIFO<Value>] = [:]
    /// Each owner that has something waiting, once.
    private var turns = FIFO<Owner>()
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ value: Value, of owner: Owner) {
        if lines[owner] == nil { turns.append(owner) }
        lines[owner, default: FIFO()].append(value)
        count += 1
    }

    mutating func popFirst() -> Value? {
        guard let owner = turns.popFirst(), let value = lines[owner]?.popFirst() else { return nil }
        count -= 1
        if lines[owner]?.isEmpty == true { lines[owner] = nil } else { turns.append(owner) }
        return value
    }

    mutating func removeAll() -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        while let value = popFirst() { values.append(value) }
        return values
    }
}
