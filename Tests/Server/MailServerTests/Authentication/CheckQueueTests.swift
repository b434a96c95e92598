import MailCore
import Testing

@testable import MailServer

/// Who guesses must not keep others from logging in.
struct CheckQueueTests {
    private let user = IPAddress("192.0.2.1")
    private let near = IPAddress("192.0.7.9")
    private let far = IPAddress("198.51.100.1")

    @Test func `who guesses leaves room for strangers, and strangers leave room for those who are known`() {
        var queue = CheckQueue()
        var entered: [Int] = []
        for standing in [PeerStanding.suspect, .stranger, .familiar] {
            entered.append((0..<1_000).map { _ in queue.enter(standing) }.count(where: \.self))
        }
        #expect(entered == [4, 12, 16])
        queue.leave(.suspect)
        let next = [queue.enter(.suspect), queue.enter(.stranger), queue.enter(.familiar)]
        #expect(next == [true, false, false])
    }

    @Test func `strangers who fill their room keep no user out who has logged in before`() {
        var queue = CheckQueue()
        while queue.enter(.stranger) {}
        let entered = [queue.enter(.suspect), queue.enter(.familiar)]
        #expect(entered == [false, true])
    }

    @Test func `who fails is suspect for a while, and so are the addresses around`() {
        var ledger = FailureLedger()
        ledger.failed(user, user: "ann", at: 0)
        let standings = [user, near, far].map { ledger.standing(of: $0, at: 1) }
        #expect(standings == [.suspect, .suspect, .stranger])
        #expect(ledger.standing(of: user, at: 91) == .stranger)
        #expect(ledger.standing(of: nil, at: 1) == .stranger)
    }

    @Test func `a user is judged by the own place alone, where two mistakes are forgiven`() {
        var ledger = FailureLedger()
        ledger.succeeded(user, user: "ann")
        for guess in 0..<1_000 { ledger.failed(near, user: "user\(guess)", at: 0) }
        #expect(ledger.isHeard(user, at: 1) && !ledger.isHeard(near, at: 1))
        for _ in 1...2 { ledger.failed(user, user: "ann", at: 1) }
        #expect(ledger.standing(of: user, at: 1) == .familiar)
        ledger.failed(user, user: "ann", at: 1)
        #expect(ledger.standing(of: user, at: 1) == .suspect)
        for _ in 4...20 { ledger.failed(user, user: "ann", at: 1) }
        #expect(!ledger.isHeard(user, at: 1))
    }

    @Test func `an account makes the last eight places familiar, and those of others stay so`() {
        var familiar = FamiliarAddresses()
        let networks = (0..<20).compactMap { IPAddress("192.0.2.\($0)") }
            .map { IPNetwork(containing: $0, prefixLength: 32) }
        familiar.add(networks[0], of: "bob")
        for network in networks { familiar.add(network, of: "ann") }
        let known = networks.indices.filter { familiar.contains(networks[$0]) }
        #expect(known == [0] + Array(12..<20))
        familiar.add(networks[12], of: "ann")
        familiar.add(networks[3], of: "ann")
        #expect(familiar.contains(networks[12]) && !familiar.contains(networks[13]))
    }
}
