import Testing

@testable import MailSpool

@Suite struct CopyPolicyTests {
    private typealias Segment = CopyPolicy.Segment
    private let policy = CopyPolicy()

    @Test func anOldSegmentInWhichLittleLivesIsEmptied() {
        let segments = [Segment(number: 1, length: 100, live: 24), Segment(number: 5, length: 100, live: 100)]
        #expect(policy.choice(among: segments, current: 6)?.number == 1)
    }

    @Test func aSegmentInWhichMuchLivesStays() {
        let segments = [Segment(number: 1, length: 100, live: 25), Segment(number: 5, length: 100, live: 100)]
        #expect(policy.choice(among: segments, current: 6) == nil)
    }

    @Test func aYoungSegmentMayStillEmptyItself() {
        let segments = [Segment(number: 4, length: 100, live: 24), Segment(number: 5, length: 100, live: 100)]
        #expect(policy.choice(among: segments, current: 6) == nil)
    }

    @Test func aLogThatIsMostlyWasteIsEmptiedWithoutRegardToAge() {
        let segments = [Segment(number: 4, length: 100, live: 50), Segment(number: 5, length: 1_000, live: 1)]
        #expect(policy.choice(among: segments, current: 6)?.number == 5)
    }
}
