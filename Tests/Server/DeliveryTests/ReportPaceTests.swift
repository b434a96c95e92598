import MailCore
import Testing

@testable import Delivery

struct ReportPaceTests {
    @Test func `a flood to one place is slowed, and others are not`() throws {
        var pace = ReportPace()
        let (one, other) = (MailHost.domain(try Domain("one.example")), MailHost.domain(try Domain("other.example")))
        let passed = (1...100).filter { _ in pace.take(one, at: .test) }.count
        #expect(passed == Int(ReportPace.burst))
        let otherPassed = pace.take(other, at: .test)
        #expect(otherPassed)
        let later = Timestamp.test + .seconds(2)
        let passedLater = (1...100).filter { _ in pace.take(one, at: later) }.count
        #expect(passedLater == Int(2 * ReportPace.rate))
    }

    @Test func `a clock that jumps back fills nothing, and breaks nothing`() throws {
        var pace = ReportPace()
        let place = MailHost.domain(try Domain("one.example"))
        while pace.take(place, at: .test) {}
        let passed = [-60, 0, 1].map { pace.take(place, at: .test + .seconds($0)) }
        #expect(passed == [false, true, true])
    }

    @Test func `what is remembered is bounded`() throws {
        var pace = ReportPace()
        for number in 0..<30_000 {
            let place = MailHost.domain(try Domain("\(number).example"))
            _ = pace.take(place, at: .test + .milliseconds(number))
        }
        #expect(pace.places <= 10_000)
    }
}
