/// A line of elements that leave in the order in which they came, each in constant time.
struct FIFO<Element: Sendable>: Sendable {
    /// How many left places are kept before the rest moves up.
    private static var slack: Int { 32 }

    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { head == elements.count }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        defer {
            elements[head] = nil
            head += 1
            if head >= Self.slack, head * 2 >= elements.count {
                elements.removeFirst(head)
                head = 0
            }
        }
        return elements[head]
    }
}
