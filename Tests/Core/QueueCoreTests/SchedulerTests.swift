import MailCore
import QueueCore
import Testing

/// What starts when, and in whose turn.
struct SchedulerTests {
    @Test func `a destination gets five attempts at once, one more for each that it takes, and twenty at most`() {
        var bench = SchedulerBench()
        for job in 0..<200 { bench.add(job, to: .live) }
        var sizes = [bench.start().count]
        while bench.scheduler.waiting > 0 {
            bench.finish(bench.running[0].job)
            _ = bench.start()
            sizes.append(bench.running.count)
        }
        #expect(sizes.prefix(4) == [5, 6, 7, 8])
        #expect(sizes.max() == 20)
    }

    @Test func `where it answers, two attempts share a connection, but not where nothing can be pipelined`() {
        for (destination, most) in [(Destination.live, 40), (.host("lmtp.example", port: 24, .lmtp), 20)] {
            var bench = SchedulerBench(attemptsPerConnection: 2)
            for job in 0..<200 { bench.add(job, to: destination) }
            #expect(bench.start().count == 5)
            var most: (running: Int, expected: Int) = (0, most)
            while bench.scheduler.waiting > 0 {
                bench.finish(bench.running[0].job)
                _ = bench.start()
                most.running = max(most.running, bench.running.count)
            }
            #expect(most.running == most.expected)
        }
    }

    @Test func `an answer that puts everything off says nothing about how much the destination can take`() {
        var bench = SchedulerBench()
        for job in 0..<20 { bench.add(job, to: .live) }
        _ = bench.start()
        bench.finish(0, .putOff)
        #expect(bench.start() == [5])
        #expect(bench.running.count == 5)
    }

    @Test func `a destination that answers now and then closes by half with each failure, and does not rest`() {
        var bench = SchedulerBench()
        for job in 0..<100 { bench.add(job, to: .live) }
        _ = bench.start()
        for job in 0..<11 {
            bench.finish(job)
            _ = bench.start()
        }
        #expect(bench.running.count == 16)
        #expect(bench.finish(bench.running[0].job, .unreachable(.noAnswer)) == nil)
        #expect(bench.start() == [], "eight may run")
        while bench.running.count > 8 { bench.finish(bench.running[0].job, .putOff) }
        #expect(bench.start() == [])
        bench.finish(bench.running[0].job, .putOff)
        #expect(bench.start().count == 1)
    }

    @Test func `destinations take turns, however much waits for one of them`() {
        var policy = SchedulingPolicy()
        policy.running = 4
        var bench = SchedulerBench(policy)
        for job in 0..<100 { bench.add(job, to: .test("a.example")) }
        for job in 100..<102 { bench.add(job, to: .test("b.example")) }
        bench.add(102, to: .test("c.example"))
        #expect(bench.start() == [0, 100, 102], "half of the places are taken then: each newcomer has one")
        bench.finish(0)
        #expect(bench.start() == [1, 2])
    }

    @Test func `senders take turns at a destination`() throws {
        var bench = SchedulerBench()
        for job in 0..<100 { bench.add(job, to: .live, from: try .test("newsletter")) }
        bench.add(100, to: .live, from: try .test("ann"))
        bench.add(101, to: .live, from: try .test("bob"))
        #expect(bench.start() == [0, 100, 101, 1, 2])
    }

    @Test func `no more attempts run than are allowed, and destinations that never answered leave room`() {
        var policy = SchedulingPolicy()
        policy.running = 20
        var bench = SchedulerBench(policy)
        for site in 0..<50 {
            for job in 0..<5 { bench.add(site * 10 + job, to: .test("\(site).example")) }
        }
        #expect(bench.start().count == 20)
        let sites = Set(bench.running.map { $0.job / 10 })
        #expect(sites.count >= 11, "ten attempts are given out as they come, ten more one for each")
    }

    @Test func `what finds no room is sent away, and comes back at the pace at which mail is taken`() throws {
        var policy = SchedulingPolicy()
        policy.waitingPerDestination = 500
        policy.postponedTogether = 10
        var bench = SchedulerBench(policy)
        for job in 0..<500 { #expect(bench.add(job, to: .live) == .waits) }
        var times: [Timestamp] = []
        for job in 500..<600 {
            guard case .postponed(let until) = bench.add(job, to: .live) else {
                Issue.record("there was room for \(job)")
                return
            }
            times.append(until)
        }
        #expect(times == times.sorted())
        #expect(try #require(times.first) - bench.now == .seconds(1), "250 of 20 ms, five at once")
        #expect(try #require(times.last) - bench.now == .milliseconds(1_360), "ten together, 40 ms apart")
        #expect(bench.add(0, to: .test("other.example")) == .waits)
    }

    @Test func `bodies in memory have a bound, which one large body may pass`() {
        var policy = SchedulingPolicy()
        policy.octets = 1_000
        var bench = SchedulerBench(policy)
        #expect(bench.add(1, to: .live, octets: 5_000) == .waits)
        #expect(bench.add(2, to: .live, octets: 1) != .waits)
        #expect(bench.start() == [1])
        #expect(bench.add(3, to: .live, octets: 1) != .waits, "a body lies in memory while it is sent")
        bench.finish(1)
        #expect(bench.add(4, to: .live, octets: 1_000) == .waits)
    }

    @Test func `a hundred thousand messages for a dead host neither fill the memory nor hold up the others`() {
        var bench = SchedulerBench()
        var taken = 0
        for job in 0..<100_000 where bench.add(job, to: .dead) == .waits { taken += 1 }
        #expect(taken == 2_000)
        #expect(bench.start().count == 5)
        #expect(bench.add(100_000, to: .live) == .waits)
        #expect(bench.start() == [100_000])
        #expect(bench.finish(0, .unreachable(.noAnswer))?.jobs == Array(5..<2_000))
        #expect(bench.scheduler.waiting == 0)
    }

    @Test func `what is remembered about destinations has a bound`() {
        var policy = SchedulingPolicy()
        policy.destinations = 100
        var bench = SchedulerBench(policy)
        for site in 0..<1_000 {
            bench.add(site, to: .test("\(site).example"))
            _ = bench.start()
            bench.finish(site, site.isMultiple(of: 2) ? .tookMail : .unreachable(.noAnswer))
        }
        #expect(bench.knownDestinations <= 100)
    }

    @Test func `what is given back takes no memory any more`() {
        var policy = SchedulingPolicy()
        policy.octets = 1_000
        var bench = SchedulerBench(policy)
        for job in 0..<10 { #expect(bench.add(job, to: .dead, octets: 100) == .waits) }
        _ = bench.start()
        _ = bench.finishAll(.unreachable(.noAnswer))
        for job in 10..<20 { #expect(bench.add(job, to: .live, octets: 100) == .waits) }
    }

    @Test func `a destination for which nothing waits finds room when all is full`() {
        var policy = SchedulingPolicy()
        policy.waiting = 10
        var bench = SchedulerBench(policy)
        for job in 0..<10 { bench.add(job, to: .dead) }
        #expect(bench.add(10, to: .dead) != .waits)
        #expect(bench.add(11, to: .live) == .waits)
        #expect(bench.add(12, to: .live) != .waits)
    }

    @Test func `the slower a destination is, the longer is what finds no room sent away, but ten minutes at most`() {
        var policy = SchedulingPolicy()
        policy.waitingPerDestination = 5
        var bench = SchedulerBench(policy)
        for job in 0..<5 { bench.add(job, to: .live) }
        _ = bench.start()
        bench.pass(.milliseconds(79_860))
        bench.finish(0, .putOff)
        for job in 10..<15 { bench.add(job, to: .live) }
        #expect(
            bench.add(15, to: .live) == .postponed(until: bench.now + .seconds(4)),
            "an eighth of the new time counts: 10 s, five run at once, and two wait before")
        for job in 0..<1_000 { bench.add(job, to: .live) }
        #expect(bench.add(15, to: .live) == .postponed(until: bench.now + .seconds(600)))
    }

    @Test func `where much must be forgotten, destinations that rest are remembered longest`() {
        var policy = SchedulingPolicy()
        policy.destinations = 3
        var bench = SchedulerBench(policy)
        for (job, site) in [Destination.dead, .live, .test("b.example"), .test("c.example")].enumerated() {
            bench.add(job, to: site)
            _ = bench.start()
            bench.finish(job, site == .dead ? .unreachable(.noAnswer) : .tookMail)
        }
        #expect(bench.knownDestinations == 2)
        #expect(bench.add(9, to: .dead) != .waits, "it rests still")
    }
}
