/// A point of the wall clock in whole microseconds since 1970 (UTC). It stamps and it schedules; waits are measured
/// elsewhere, with a clock that never jumps.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    public static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microseconds: time.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The time that passed from `other` to `time`.
    public static func - (time: Timestamp, other: Timestamp) -> Duration {
        .microseconds(time.microseconds - other.microseconds)
    }

    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.microseconds < other.microseconds }

    /// RFC 3339 with milliseconds: `2026-11-21T20:00:00.000Z`.
    public var description: String {
        let time = CalendarTime(self)
        let milliseconds = (microseconds - time.wholeSeconds * 1_000_000) / 1_000
        return
            "\(digits(time.year, 4))-\(digits(time.month))-\(digits(time.day))T\(time.clock).\(digits(Int(milliseconds), 3))Z"
    }

    /// The day in UTC: `2026-11-21`.
    public var day: String {
        let time = CalendarTime(self)
        return "\(digits(time.year, 4))-\(digits(time.month))-\(digits(time.day))"
    }

    /// The date-time of RFC 5322 §3.3 in UTC: `Sat, 21 Nov 2026 20:00:00 +0000`.
    public var mailDate: String {
        let time = CalendarTime(self)
        return "\(CalendarTime.days[time.weekday]), \(time.day) \(CalendarTime.months[time.month - 1]) "
            + "\(digits(time.year, 4)) \(time.clock) +0000"
    }
}

/// A UTC time taken apart, by the proleptic Gregorian calendar.
private struct CalendarTime {
    static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    let wholeSeconds: Int64
    let year, month, day, weekday: Int
    let clock: String

    init(_ timestamp: Timestamp) {
        wholeSeconds = floorDivide(timestamp.microseconds, 1_000_000)
        let dayNumber = floorDivide(wholeSeconds, 86_400)
        let second = Int(wholeSeconds - dayNumber * 86_400)
        clock = "\(digits(second / 3_600)):\(digits(second / 60 % 60)):\(digits(second % 60))"
        weekday = Int((dayNumber % 7 + 11) % 7)
        // Years that begin in March put the leap day last; 400 of them have 146,097 days.
        let shifted = dayNumber + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
        month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
}

private func digits(_ value: Int, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
