import Testing

@testable import MailServer

struct ConnectionTideTests {
    private func ebbs(_ counts: [Int]) -> [Bool] {
        var tide = ConnectionTide()
        return counts.map { tide.hasEbbed(to: $0) }
    }

    @Test func `memory goes back once when most of many connections have gone`() {
        #expect(ebbs([10_000, 4_000, 4_000, 3_000, 3_000]) == [false, false, true, false, false])
    }

    @Test func `while connections are going it waits for the last of them`() {
        #expect(ebbs([10_000, 4_000, 300, 2, 2, 2]) == [false, false, false, false, true, false])
    }

    @Test func `a few connections come and go without it`() {
        #expect(ebbs([10, 400, 3, 3, 0, 0]).allSatisfy { !$0 })
    }
}
