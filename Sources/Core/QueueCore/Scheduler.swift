public import MailCore

/// Decides which attempts at other systems start when.
///
/// Destinations take turns, and within one its senders. How many connections a destination gets at once depends on how it
/// answers; one that cannot be reached rests, and what is for it is given back at once instead of waiting in memory. So
/// nothing in here waits for a time, but only for attempts to end.
public struct Scheduler<Job: Sendable>: Sendable {
    /// Whether a job was taken.
    public enum Admission: Equatable, Sendable {
        /// `next` will give it out.
        case waits
        /// Not taken: the destination rests.
        case rests(DestinationRest)
        /// Not taken: too much waits. There may be room at this time.
        case postponed(until: Timestamp)
    }

    /// A job to begin with now.
    public struct Start: Sendable {
        public let job: Job
        /// To be handed back with what became of it.
        public let ticket: Ticket
        /// How many connections there may be to its destination now.
        public let connections: Int
    }

    /// An attempt that is under way.
    public struct Ticket: Hashable, Sendable {
        let destination: Destination
        let octets: Int
        let generation: Int
        let begun: Timestamp
    }

    /// What became of an attempt, as far as the destination goes.
    public enum Answer: Hashable, Sendable {
        case tookMail
        /// Somebody answered, but put everything off.
        case putOff
        case unreachable(Outcome)
    }

    /// Jobs that will not be tried, because their destination rests.
    public struct GivenBack: Sendable {
        public let jobs: [Job]
        public let rest: DestinationRest
    }

    private let policy: SchedulingPolicy
    private var states: [Destination: DestinationState<Job>] = [:]
    /// The destinations that can start something, each once.
    private var turns = FIFO<Destination>()
    /// Attempts under way.
    public private(set) var running = 0
    /// Jobs in memory that have not been given out.
    public private(set) var waiting = 0
    private var octets = 0
    private var changes: [DestinationChange] = []

    public init(_ policy: SchedulingPolicy = SchedulingPolicy()) {
        self.policy = policy
    }

    /// Whether `next` may have something to begin with.
    public var mayStart: Bool { running < policy.running && !turns.isEmpty }

    /// How many destinations something is known about.
    var destinations: Int { states.count }

    /// Takes a job if there is room for it.
    ///
    /// - Parameter octets: how much memory its body takes.
    public mutating func add(
        _ job: Job, for destination: Destination, from sender: ReversePath, octets: Int, at now: Timestamp
    ) -> Admission {
        makeRoom(for: destination, at: now)
        var state = states.removeValue(forKey: destination) ?? DestinationState(destination, policy)
        defer { states[destination] = state }
        if let rest = state.window.rest(at: now) { return .rests(rest) }
        guard hasRoom(octets, in: state) else { return .postponed(until: state.postponement(at: now, policy)) }
        state.waiting.append(.init(job: job, octets: octets), of: sender)
        waiting += 1
        self.octets += octets
        list(destination, &state, at: now)
        return .waits
    }

    /// The next job to begin with; nil if none can start before one ends or is added.
    public mutating func next(at now: Timestamp) -> Start? {
        while running < policy.running, let destination = turns.popFirst() {
            guard var state = states.removeValue(forKey: destination) else { continue }
            defer { states[destination] = state }
            state.isListed = false
            guard state.canStart(at: now, isBusy: isBusy), let first = state.waiting.popFirst() else { continue }
            state.running += 1
            running += 1
            waiting -= 1
            list(destination, &state, at: now)
            return Start(
                job: first.job,
                ticket: Ticket(
                    destination: destination, octets: first.octets, generation: state.window.generation, begun: now),
                connections: state.window.limit(at: now))
        }
        return nil
    }

    /// Takes what became of an attempt.
    ///
    /// - Returns: what waited for the destination, if it rests now.
    public mutating func finished(_ ticket: Ticket, _ answer: Answer, at now: Timestamp) -> GivenBack? {
        guard var state = states.removeValue(forKey: ticket.destination) else { return nil }
        state.running -= 1
        running -= 1
        octets -= ticket.octets
        switch answer {
        case .tookMail, .putOff:
            state.note(now - ticket.begun)
            if state.window.answered(tookMail: answer == .tookMail, policy) {
                changes.append(.answers(ticket.destination))
            }
        case .unreachable(let error):
            if let rest = state.window.failed(error, generation: ticket.generation, at: now, policy) {
                changes.append(.rests(ticket.destination, rest))
            }
        }
        let givenBack = giveBack(&state, at: now)
        list(ticket.destination, &state, at: now)
        if !(state.isIdle && state.window == DestinationWindow(policy)) { states[ticket.destination] = state }
        return givenBack
    }

    /// Ends the rest of a destination, because a person wants it tried now.
    public mutating func endRest(of destination: Destination, at now: Timestamp) {
        states[destination]?.window.endRest(at: now)
    }

    /// What changed about destinations since this was asked last.
    public mutating func takeChanges() -> [DestinationChange] {
        defer { changes = [] }
        return changes
    }

    private mutating func giveBack(_ state: inout DestinationState<Job>, at now: Timestamp) -> GivenBack? {
        guard let rest = state.window.rest(at: now), !state.waiting.isEmpty else { return nil }
        let left = state.waiting.removeAll()
        waiting -= left.count
        for entry in left { octets -= entry.octets }
        return GivenBack(jobs: left.map(\.job), rest: rest)
    }

    /// Half of the places are taken: the rest is for destinations that answer, and one place each for the others.
    private var isBusy: Bool { running * 2 >= policy.running }

    /// Puts a destination into the line if it can start something and does not stand there.
    private mutating func list(_ destination: Destination, _ state: inout DestinationState<Job>, at now: Timestamp) {
        guard !state.isListed, state.canStart(at: now, isBusy: isBusy) else { return }
        state.isListed = true
        turns.append(destination)
    }

    /// A destination for which nothing waits finds room that the others leave over.
    private func hasRoom(_ octets: Int, in state: DestinationState<Job>) -> Bool {
        let share = state.waiting.isEmpty ? 2 : 1
        return state.waiting.count < policy.waitingPerDestination && waiting < share * policy.waiting
            && (self.octets == 0 || self.octets + octets <= share * policy.octets)
    }

    /// Forgets destinations with which nothing goes on, first those that do not rest.
    private mutating func makeRoom(for destination: Destination, at now: Timestamp) {
        guard states.count >= policy.destinations, states[destination] == nil else { return }
        states = states.filter { !$1.isIdle || $1.window.rest(at: now) != nil }
        if states.count >= policy.destinations { states = states.filter { !$1.isIdle } }
    }
}
