import MailCore
import Testing

@testable import MailServer

/// Who guesses must not keep others from logging in.
struct PasswordQueueTests {
    @Test func `suspects have room for four, and all others still have theirs`() {
        var queue = PasswordQueue()
        let guessers = (0..<1_000).map { _ in queue.enter(isSuspect: true) }
        #expect(guessers.count(where: \.self) == 4)
        let users = (0..<100).map { _ in queue.enter(isSuspect: false) }
        #expect(users.count(where: \.self) == 28)
        queue.leave(isSuspect: true)
        let next = [queue.enter(isSuspect: true), queue.enter(isSuspect: false)]
        #expect(next == [true, false])
    }

    @Test func `who fails is suspect for a while, and so are the addresses around`() {
        var ledger = FailureLedger()
        ledger.failed(IPAddress("192.0.2.1"), user: "ann", at: 0)
        let suspects = ["192.0.2.1", "192.0.7.9", "198.51.100.1"].map { ledger.isSuspect(IPAddress($0), at: 1) }
        #expect(suspects == [true, true, false])
        #expect(!ledger.isSuspect(IPAddress("192.0.2.1"), at: 91))
        #expect(!ledger.isSuspect(nil, at: 1))
    }
}
