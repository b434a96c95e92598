import MailCore
import Testing

struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z", "Thu, 1 Jan 1970 00:00:00 +0000"),
            (1_795_291_200_000_000, "2026-11-21T20:00:00.000Z", "Sat, 21 Nov 2026 20:00:00 +0000"),
            (951_782_400_123_999, "2000-02-29T00:00:00.123Z", "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_709_164_800_000_000, "2024-02-29T00:00:00.000Z", "Thu, 29 Feb 2024 00:00:00 +0000"),
            (4_107_542_399_000_000, "2100-02-28T23:59:59.000Z", "Sun, 28 Feb 2100 23:59:59 +0000"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z", "Mon, 1 Mar 2100 00:00:00 +0000"),
            (2_147_483_648_000_000, "2038-01-19T03:14:08.000Z", "Tue, 19 Jan 2038 03:14:08 +0000"),
            (-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
            (-86_400_000_000, "1969-12-31T00:00:00.000Z", "Wed, 31 Dec 1969 00:00:00 +0000"),
            (-2_208_988_800_000_000, "1900-01-01T00:00:00.000Z", "Mon, 1 Jan 1900 00:00:00 +0000"),
        ] as [(Int64, String, String)])
    func `a time is written for logs and for messages`(microseconds: Int64, log: String, mail: String) {
        let time = Timestamp(microseconds: microseconds)
        #expect(time.description == log)
        #expect(time.mailDate == mail)
    }

    @Test func `days follow each other through four centuries`() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var time = Timestamp(microseconds: 0)
        for year in 1970..<2370 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            for month in 1...12 {
                #expect(time.description.hasPrefix("\(year)-\(month < 10 ? "0" : "")\(month)-01T00"))
                time = time + .seconds(86_400 * (lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)))
            }
        }
    }

    @Test func `times and durations reckon in microseconds`() {
        let time = Timestamp(microseconds: 10)
        #expect((time + .microseconds(5)).microseconds == 15)
        #expect((time + .seconds(-1)).microseconds == -999_990)
        #expect(time + .seconds(2) - time == .seconds(2))
        #expect(time < time + .microseconds(1))
    }
}
