import MailCore
import QueueCore
import Testing

/// The life of a queue on a virtual clock: scheduler and retry policy against remotes that follow a script.
struct FiveDaysTests {
    private static let start = Timestamp(microseconds: 1_795_291_200_000_000)

    @Test func `in five days all is delivered that can be, and what cannot is given up`() {
        var days = QueueSimulation(start: Self.start) { destination, time in
            switch destination {
            case .dead: .unreachable(.noAnswer)
            case .test("back.example"): time - Self.start < .seconds(2 * 86_400) ? .unreachable(.noAnswer) : .tookMail
            case .test("grey.example"): time - Self.start < .seconds(10 * 60) ? .putOff : .tookMail
            default: .tookMail
            }
        }
        let sites: [Destination] = [.dead, .live, .test("back.example"), .test("grey.example")]
        for number in 0..<400 { days.add(number, to: sites[number % 4]) }
        days.run()

        func delays(of site: Int) -> [Duration] {
            days.ends.filter { $0.key % 4 == site && $0.value.isDelivered }.map { $0.value.time - Self.start }
        }
        #expect(days.ends.count == 400, "nothing is lost")
        #expect(delays(of: 0).isEmpty)
        #expect(days.ends.filter { $0.key % 4 == 0 }.allSatisfy { $0.value.time - Self.start > .seconds(4 * 86_400) })
        #expect(delays(of: 1).count == 100)
        #expect(delays(of: 1).allSatisfy { $0 < .seconds(60) }, "a live host hears nothing of the dead one")
        #expect(delays(of: 2).count == 100)
        #expect(
            delays(of: 2).allSatisfy { $0 < .seconds(2 * 86_400 + 2 * 5 * 3_600) },
            "two of the longest pauses, where a message meets the last rest")
        #expect(delays(of: 3).allSatisfy { $0 < .seconds(30 * 60) })
    }

    @Test func `a dead host costs few attempts, however much waits for it`() {
        var days = QueueSimulation(start: Self.start) { _, _ in .unreachable(.noAnswer) }
        for number in 0..<1_000 { days.add(number, to: .dead) }
        days.run()
        #expect(days.ends.count == 1_000)
        #expect(days.attempts < 400, "the probes of five days, not forty attempts a message")
    }

    @Test func `more than there is room for does not leave a fast destination with nothing to do`() {
        var days = QueueSimulation(start: Self.start, duration: .milliseconds(5)) { _, _ in .tookMail }
        for number in 0..<3_000 { days.add(number, to: .live) }
        days.run()
        let last = days.ends.values.map { $0.time - Self.start }.max() ?? .zero
        #expect(last < .seconds(10), "the pace is guessed before the first attempt has ended: 4 ms each")
        #expect(days.ends.count == 3_000)
    }
}
