/// The bounds that a scheduler keeps.
public struct SchedulingPolicy: Hashable, Sendable {
    /// Attempts under way at once, to all destinations together.
    public var running = 200
    /// Jobs that wait in memory.
    public var waiting = 10_000
    /// Of these for one destination, so that none fills the memory.
    public var waitingPerDestination = 2_000
    /// Octets of bodies in memory, of jobs that wait or run.
    public var octets = 64 << 20
    /// Destinations about which something is remembered; more than can wait and run.
    public var destinations = 25_000
    /// Connections at once to a destination of which nothing is known.
    public var firstWindow = 5
    /// Connections at once to a destination that takes everything.
    public var largestWindow = 20
    /// Attempts that share a connection, where the next may begin before the one before has its answer.
    public var attemptsPerConnection = 2
    /// The first pause for a destination that cannot be reached; it doubles with each probe that fails.
    public var firstRest = Duration.seconds(30)
    public var longestRest = Duration.seconds(30 * 60)
    /// The shortest time for which a job is sent away when too many wait.
    public var shortestPostponement = Duration.milliseconds(200)
    public var longestPostponement = Duration.seconds(10 * 60)
    /// Jobs of a destination that are sent away until the same time.
    public var postponedTogether = 256

    public init() {}
}
