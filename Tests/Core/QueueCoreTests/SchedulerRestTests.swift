import MailCore
import QueueCore
import Testing

/// What becomes of destinations that cannot be reached.
struct SchedulerRestTests {
    /// A bench whose destination has failed once.
    private func restingBench() -> SchedulerBench {
        var bench = SchedulerBench()
        bench.add(1, to: .dead)
        _ = bench.start()
        bench.finish(1, .unreachable(.noAnswer))
        return bench
    }

    private func rest(of admission: Scheduler<Int>.Admission) -> DestinationRest? {
        if case .rests(let rest) = admission { rest } else { nil }
    }

    @Test func `who is not reached at the first attempt rests for thirty seconds, and what waits is given back`() throws
    {
        var bench = SchedulerBench()
        for job in 1...8 { bench.add(job, to: .dead) }
        #expect(bench.start() == [1, 2, 3, 4, 5])
        let end = bench.finish(1, .unreachable(.noAnswer))
        let givenBack = try #require(end)
        #expect(givenBack.jobs == [6, 7, 8])
        #expect(givenBack.rest.until == bench.now + .seconds(30))
        #expect(givenBack.rest.error == .noAnswer)
        #expect(rest(of: bench.add(9, to: .dead)) == givenBack.rest)
    }

    @Test func `attempts that began before the rest do not lengthen it`() throws {
        var bench = SchedulerBench()
        for job in 1...5 { bench.add(job, to: .dead) }
        _ = bench.start()
        bench.finish(1, .unreachable(.noAnswer))
        let end = bench.now + .seconds(30)
        bench.pass(.seconds(1))
        _ = bench.finishAll(.unreachable(.noAnswer))
        #expect(rest(of: bench.add(6, to: .dead))?.until == end)
    }

    @Test
    func `after the rest one attempt sees whether things are better; if not, the rest doubles up to half an hour`() {
        var bench = restingBench()
        var rests: [Duration] = []
        for _ in 1...9 {
            guard let rest = rest(of: bench.add(0, to: .dead)) else { break }
            rests.append(rest.until - bench.now)
            bench.now = rest.until
            for job in 1...3 { bench.add(job, to: .dead) }
            #expect(bench.start() == [1], "one is enough to see")
            #expect(bench.finish(1, .unreachable(.noAnswer))?.jobs == [2, 3])
        }
        #expect(rests == [30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800].map { .seconds($0) })
    }

    @Test func `a clock that is set back ends a rest that began later`() {
        var bench = restingBench()
        bench.now = bench.now + .seconds(-3_600)
        #expect(rest(of: bench.add(1, to: .dead)) == nil)
        #expect(bench.start() == [1])
        bench.finish(1, .unreachable(.noAnswer))
        #expect(rest(of: bench.add(2, to: .dead))?.until == bench.now + .seconds(60))
    }

    @Test(arguments: [Scheduler<Int>.Answer.tookMail, .putOff])
    func `whoever answers after a rest is treated like a newcomer`(answer: Scheduler<Int>.Answer) {
        var bench = restingBench()
        bench.pass(.seconds(30))
        for job in 1...10 { bench.add(job, to: .dead) }
        #expect(bench.start() == [1])
        bench.finish(1, answer)
        #expect(bench.start() == [2, 3, 4, 5, 6])
    }

    @Test func `each rest is said once, and so is its end`() throws {
        var bench = SchedulerBench()
        for job in 1...5 { bench.add(job, to: .dead) }
        _ = bench.start()
        _ = bench.finishAll(.unreachable(.noAnswer))
        let rest = DestinationRest(until: bench.now + .seconds(30), error: .noAnswer)
        #expect(bench.scheduler.takeChanges() == [.rests(.dead, rest)])
        bench.pass(.seconds(30))
        #expect(bench.scheduler.takeChanges().isEmpty, "that time has passed says nothing")
        for job in 1...3 { bench.add(job, to: .dead) }
        _ = bench.start()
        bench.finish(1)
        _ = bench.start()
        _ = bench.finishAll()
        #expect(bench.scheduler.takeChanges() == [.answers(.dead)])
    }

    @Test func `a person ends a rest: one attempt sees whether things are better, and the next rest is short again`() {
        var bench = restingBench()
        bench.pass(.seconds(30))
        bench.add(1, to: .dead)
        _ = bench.start()
        bench.finish(1, .unreachable(.noAnswer))
        #expect(rest(of: bench.add(2, to: .dead))?.until == bench.now + .seconds(60))
        bench.scheduler.endRest(of: .dead, at: bench.now)
        for job in 2...4 { bench.add(job, to: .dead) }
        #expect(bench.start() == [2])
        #expect(bench.finish(2, .unreachable(.noAnswer))?.rest.until == bench.now + .seconds(30))
        bench.scheduler.endRest(of: .live, at: bench.now)
        #expect(bench.knownDestinations == 1, "what is not known stays so")
    }

    @Test func `an answer to an old attempt ends a rest`() {
        var bench = SchedulerBench()
        for job in 1...2 { bench.add(job, to: .dead) }
        _ = bench.start()
        bench.finish(1, .unreachable(.noAnswer))
        #expect(rest(of: bench.add(3, to: .dead)) != nil)
        bench.finish(2)
        #expect(bench.add(3, to: .dead) == .waits)
        #expect(bench.start() == [3])
    }

    @Test func `a host that goes down under load rests after a few failures`() {
        var bench = SchedulerBench()
        for job in 0..<60 { bench.add(job, to: .live) }
        _ = bench.start()
        for job in 0..<20 {
            bench.finish(job)
            _ = bench.start()
        }
        #expect(bench.running.count == 20)
        var failures = 0
        while let first = bench.running.first, bench.scheduler.waiting > 0 {
            bench.finish(first.job, .unreachable(.noAnswer))
            failures += 1
        }
        #expect(failures == 5, "the window was 20, 10, 5, 2 and 1")
        #expect(rest(of: bench.add(100, to: .live)) != nil)
    }
}
