import MailCore
import SMTPServer
import Testing

struct ConnectionLedgerTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func `one address has so many connections and no more, until one is gone`() throws {
        let ledger = ConnectionLedger(limits: ConnectionLimits(total: 100, perAddress: 2, perNetwork: 50))
        let peer = try address("192.0.2.1")
        #expect(ledger.enter(peer, isTrusted: false) == nil)
        #expect(ledger.enter(peer, isTrusted: false) == nil)
        #expect(ledger.enter(peer, isTrusted: false) == .tooManyFromAddress)
        #expect(ledger.total == 2)
        ledger.leave(peer)
        #expect(ledger.enter(peer, isTrusted: false) == nil)
    }

    @Test(arguments: [
        ("192.0.2.", "192.0.3.1"), ("2001:db8:0:1::", "2001:db8:0:2::1"),
    ]) func `a /24 and a /64 count as one network`(network: String, elsewhere: String) throws {
        let ledger = ConnectionLedger(limits: ConnectionLimits(total: 100, perAddress: 2, perNetwork: 3))
        for last in 1...3 { #expect(try ledger.enter(address("\(network)\(last)"), isTrusted: false) == nil) }
        #expect(try ledger.enter(address("\(network)4"), isTrusted: false) == .tooManyFromNetwork)
        #expect(try ledger.enter(address(elsewhere), isTrusted: false) == nil)
    }

    @Test func `the last tenth is for addresses that have no connection yet`() throws {
        let ledger = ConnectionLedger(limits: ConnectionLimits(total: 10, perAddress: 20, perNetwork: 20))
        let greedy = try address("192.0.2.1")
        for _ in 0..<9 { #expect(ledger.enter(greedy, isTrusted: false) == nil) }
        #expect(ledger.enter(greedy, isTrusted: false) == .tooMany)
        #expect(try ledger.enter(address("198.51.100.1"), isTrusted: false) == nil)
        #expect(try ledger.enter(address("203.0.113.1"), isTrusted: false) == .tooMany)
    }

    @Test func `to those who are trusted only the total matters`() throws {
        let ledger = ConnectionLedger(limits: ConnectionLimits(total: 5, perAddress: 1, perNetwork: 1))
        let peer = try address("127.0.0.1")
        for _ in 0..<5 { #expect(ledger.enter(peer, isTrusted: true) == nil) }
        #expect(ledger.enter(peer, isTrusted: true) == .tooMany)
    }

    @Test func `a peer of a UNIX socket counts in the total`() {
        let ledger = ConnectionLedger(limits: ConnectionLimits(total: 1))
        #expect(ledger.enter(nil, isTrusted: true) == nil)
        #expect(ledger.enter(nil, isTrusted: true) == .tooMany)
        ledger.leave(nil)
        #expect(ledger.total == 0)
    }
}
