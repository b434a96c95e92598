import MailCore
import QueueCore

/// A queue whose clock jumps from one event to the next.
struct QueueSimulation {
    struct Message {
        let number: Int
        let destination: Destination
        var attempts = 0
    }

    struct End {
        let time: Timestamp
        let isDelivered: Bool
    }

    private enum Event {
        case due(Message)
        case ends(Message, Scheduler<Message>.Ticket)
    }

    private let start: Timestamp
    private let answer: (Destination, Timestamp) -> Scheduler<Message>.Answer
    /// How long each attempt takes.
    private let duration: Duration
    private let policy = RetryPolicy()
    private var scheduler = Scheduler<Message>()
    private var generator = SystemRandomNumberGenerator()
    private var events: [Timestamp: [Event]] = [:]
    /// The times of the events, the latest first.
    private var times: [Timestamp] = []
    /// What became of each message.
    private(set) var ends: [Int: End] = [:]
    /// How many attempts were made in all.
    private(set) var attempts = 0

    init(
        start: Timestamp, duration: Duration = .seconds(1),
        answer: @escaping (Destination, Timestamp) -> Scheduler<Message>.Answer
    ) {
        self.start = start
        self.duration = duration
        self.answer = answer
    }

    mutating func add(_ number: Int, to destination: Destination) {
        plan(.due(Message(number: number, destination: destination)), at: start)
    }

    mutating func run() {
        while let now = times.popLast() {
            for event in events.removeValue(forKey: now) ?? [] { take(event, at: now) }
            while let begun = scheduler.next(at: now) {
                attempts += 1
                plan(.ends(begun.job, begun.ticket), at: now + duration)
            }
        }
    }

    private mutating func plan(_ event: Event, at time: Timestamp) {
        events[time, default: []].append(event)
        guard events[time]?.count == 1 else { return }
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] > time { low = middle + 1 } else { high = middle }
        }
        times.insert(time, at: low)
    }

    private mutating func take(_ event: Event, at now: Timestamp) {
        switch event {
        case .due(let message):
            switch scheduler.add(message, for: message.destination, from: .null, octets: 0, at: now) {
            case .waits: break
            case .postponed(let until): plan(.due(message), at: until)
            case .rests(let rest): putOff(message, notBefore: rest.until, at: now)
            }
        case .ends(let message, let ticket):
            let answer = answer(message.destination, now)
            let givenBack = scheduler.finished(ticket, answer, at: now)
            if answer == .tookMail {
                ends[message.number] = End(time: now, isDelivered: true)
            } else {
                putOff(message, notBefore: nil, at: now)
            }
            guard let givenBack else { return }
            for message in givenBack.jobs { putOff(message, notBefore: givenBack.rest.until, at: now) }
        }
    }

    private mutating func putOff(_ message: Message, notBefore earliest: Timestamp?, at now: Timestamp) {
        var message = message
        if earliest == nil { message.attempts += 1 }
        let next =
            if let earliest {
                policy.nextLook(
                    afterAttempts: message.attempts, at: now, arrived: start, notBefore: earliest, using: &generator)
            } else {
                policy.nextAttempt(afterAttempts: message.attempts, at: now, arrived: start, using: &generator)
            }
        if let next {
            plan(.due(message), at: next)
        } else {
            ends[message.number] = End(time: now, isDelivered: false)
        }
    }
}
