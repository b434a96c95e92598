public import MailCore

/// A date with the zone it is written in (RFC 5322 §3.3), as a header says it.
public struct MailDate: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    /// 60 at a leap second.
    public let second: Int
    /// Minutes that the zone is ahead of UTC; 0 also where the zone says nothing (RFC 5322 §4.3).
    public let zone: Int

    /// Nil if there is no date in it. The obsolete forms are read (RFC 5322 §4.3), and those that are common without being
    /// right: no weekday, names of zones, the order of C's `asctime`, hyphens, a month as a number.
    ///
    /// - Parameter fieldValue: what follows the field's colon.
    public init?(_ fieldValue: [UInt8]) {
        guard let date = fieldValue.withUnsafeBufferPointer({ MailDate($0) }) else { return nil }
        self = date
    }

    init?(_ fieldValue: UnsafeBufferPointer<UInt8>) {
        guard let date = PlainDate.read(fieldValue) ?? DateReader.date(in: Array(fieldValue)) else { return nil }
        self = date
    }

    init?(year: Int, month: Int, day: Int, time: (hour: Int, minute: Int, second: Int), zone: Int) {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day), year <= 9_999,
            (0...23).contains(time.hour), (0...59).contains(time.minute), (0...60).contains(time.second)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (hour, minute, second) = time
        self.zone = zone
    }

    /// The point in time.
    public var timestamp: Timestamp {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3_600 + (minute - zone) * 60 + second
        return Timestamp(microseconds: Int64(seconds) * 1_000_000)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
