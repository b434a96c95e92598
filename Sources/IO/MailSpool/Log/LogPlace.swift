/// A position in the log: a segment and an offset in it.
struct LogPlace: Hashable, Sendable, Comparable {
    var segment: UInt64
    var offset: UInt64

    static func < (one: LogPlace, other: LogPlace) -> Bool {
        (one.segment, one.offset) < (other.segment, other.offset)
    }
}
