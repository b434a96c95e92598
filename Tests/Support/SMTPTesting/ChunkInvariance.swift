public import SMTPCore

/// Runs one input through a machine in many ways of cutting it. Whatever the network does to the octets, the machine
/// has to do the same.
public struct ChunkInvariance: Sendable {
    /// A way of cutting after which the machine did something else.
    public struct Difference: Error, CustomStringConvertible {
        public let cut: String
        public let expected: [MachineRun.Event]
        public let found: [MachineRun.Event]

        public var description: String { "cut \(cut):\n  whole: \(expected)\n  cut:   \(found)" }
    }

    private let fresh: MachineRun

    public init(_ configuration: SMTPServerConfiguration, policy: ScriptedPolicy = ScriptedPolicy()) {
        var run = MachineRun(configuration, policy: policy)
        run.begin()
        fresh = run
    }

    /// What the machine does with the input when it comes at once, and then ends.
    public func whole(_ input: [UInt8]) -> [MachineRun.Event] {
        events(after: fresh, input[...])
    }

    /// Compares with the input whole: byte by byte, and in two pieces, cut at all of `positions`.
    @discardableResult
    public func check(_ input: [UInt8], at positions: some Sequence<Int>) throws(Difference) -> [MachineRun.Event] {
        let expected = whole(input)
        var run = fresh
        var reached = 0
        for position in positions where position > reached && position < input.count {
            for byte in input[reached..<position] { run.receive([byte]) }
            reached = position
            try compare(expected, events(after: run, input[position...]), "\(position), byte by byte up to there")
            var pair = fresh
            pair.receive(input[..<position])
            try compare(expected, events(after: pair, input[position...]), "\(position)")
        }
        for byte in input[reached...] { run.receive([byte]) }
        try compare(expected, events(after: run, []), "byte by byte")
        return expected
    }

    /// The same at every position, or at so many of them that no more than about `budget` octets are read in all.
    @discardableResult
    public func check(_ input: [UInt8], budget: Int = 200_000) throws(Difference) -> [MachineRun.Event] {
        let step = max(1, 2 * input.count * input.count / budget)
        return try check(input, at: stride(from: 1, to: input.count, by: step))
    }

    /// Compares with the input whole: in pieces of these lengths, over and over.
    public func check(_ input: [UInt8], pieces lengths: [Int]) throws(Difference) {
        var run = fresh
        var rest = input[...]
        var turn = 0
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, lengths[turn % lengths.count]))
            run.receive(piece)
            rest = rest.dropFirst(piece.count)
            turn += 1
        }
        try compare(whole(input), events(after: run, []), "into pieces of \(lengths)")
    }

    private func events(after run: MachineRun, _ rest: ArraySlice<UInt8>) -> [MachineRun.Event] {
        var run = run
        if !rest.isEmpty { run.receive(rest) }
        run.inputEnded()
        return run.events
    }

    private func compare(
        _ expected: [MachineRun.Event], _ found: [MachineRun.Event], _ cut: @autoclosure () -> String
    ) throws(Difference) {
        if expected != found { throw Difference(cut: cut(), expected: expected, found: found) }
    }
}
