import MailCore

/// How many reports may go to one place in how much time: whoever is sent many at once, perhaps for mail that was not
/// his, gets them slowly. Each place has a bucket that fills with time and that each report takes one from.
struct ReportPace {
    /// Reports that may go at once.
    static let burst = 50.0
    /// Reports in a second after that.
    static let rate = 5.0
    /// Places that are remembered; those whose bucket is full need not be.
    private static let maximumPlaces = 10_000

    private struct Bucket {
        var level: Double
        var at: Timestamp

        mutating func fill(at now: Timestamp) {
            let seconds = max(.zero, now - at) / .seconds(1)
            level = min(ReportPace.burst, level + seconds * ReportPace.rate)
            at = now
        }
    }

    private var buckets: [MailHost: Bucket] = [:]

    /// How many places are remembered.
    var places: Int { buckets.count }

    /// Whether a report may go to `place` now; if so, it counts.
    mutating func take(_ place: MailHost, at now: Timestamp) -> Bool {
        if buckets.count >= Self.maximumPlaces { forget(at: now) }
        var bucket = buckets[place] ?? Bucket(level: Self.burst, at: now)
        bucket.fill(at: now)
        defer { buckets[place] = bucket }
        guard bucket.level >= 1 else { return false }
        bucket.level -= 1
        return true
    }

    private mutating func forget(at now: Timestamp) {
        buckets = buckets.filter { _, bucket in
            var bucket = bucket
            bucket.fill(at: now)
            return bucket.level < Self.burst
        }
        if buckets.count >= Self.maximumPlaces { buckets = [:] }
    }
}
