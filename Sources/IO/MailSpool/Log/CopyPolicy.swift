/// When what lives in an old segment is copied to the end of the log, so that the segment can go.
public struct CopyPolicy: Hashable, Sendable {
    /// A segment is worth it when less than this percentage of it lives.
    public var livePercentage: UInt64 = 25
    /// and when at least this many segments are newer,
    public var minimumAge: UInt64 = 4
    /// or when the whole log is more than this many times as long as what lives in it.
    public var wasteFactor: UInt64 = 4

    public init() {}

    /// A closed segment: its number, its length and what lives in it, in octets.
    struct Segment: Hashable, Sendable {
        var number: UInt64
        var length: UInt64
        var live: UInt64
    }

    /// The segment to empty next, the oldest first; nil if none is worth it.
    ///
    /// - Parameters:
    ///   - segments: the closed segments in which something lives, oldest first.
    ///   - current: the number of the segment that is being written.
    func choice(among segments: [Segment], current: UInt64) -> Segment? {
        let length = segments.reduce(0) { $0 + $1.length }
        let live = segments.reduce(0) { $0 + $1.live }
        let isWasteful = length > live * wasteFactor
        return segments.first { segment in
            segment.live * 100 < segment.length * livePercentage
                && (isWasteful || segment.number + minimumAge <= current)
        }
    }
}
