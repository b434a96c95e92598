import MailCore
import QueueCore
import Testing

/// Chooses hosts out of what a small piece of DNS says; all addresses are such as the public Internet has.
struct MailHostSelectionTests {
    @Test func `the most preferred host comes first`() throws {
        var zone = Zone(["mx example.net 20 b", "mx example.net 10 a", "a a 9.0.0.1", "a b 9.0.0.2", "aaaa b 2600::2"])
        #expect(try zone.hosts() == ["a 9.0.0.1", "b 2600::2 9.0.0.2"])
    }

    @Test func `hosts preferred alike are tried in any order, but none before a better one`() throws {
        var seen: Set<[String]> = []
        for seed in 0..<100 {
            var zone = Zone(
                ["mx example.net 10 a", "mx example.net 10 b", "mx example.net 5 c"]
                    + ["a a 9.0.0.1", "a b 9.0.0.2", "a c 9.0.0.3"], seed: UInt64(seed))
            seen.insert(try zone.hosts())
        }
        #expect(
            seen == [["c 9.0.0.3", "a 9.0.0.1", "b 9.0.0.2"], ["c 9.0.0.3", "b 9.0.0.2", "a 9.0.0.1"]])
    }

    @Test func `a domain without MX takes its mail itself`() throws {
        var zone = Zone(["a example.net 9.0.0.1"])
        #expect(try zone.hosts() == ["example.net 9.0.0.1"])
        var other = Zone(["aaaa example.net 2600::1"])
        #expect(try other.hosts() == ["example.net 2600::1"])
    }

    @Test func `a domain with an MX is never reached by its own address`() throws {
        var zone = Zone(["mx example.net 10 a", "none a", "a example.net 9.0.0.1"])
        #expect(try zone.answer() == .none("no host of example.net has an address"))
    }

    @Test func `only a null MX and a domain that is none speak against a recipient for good, and trouble for now`() {
        func refusal(_ answer: DNSAnswer) -> MailDomainRefusal? { MailHostSelection.refusal(by: answer) }
        #expect(refusal(DNSAnswer(.found, records: [.mx(preference: 0, host: "")])) == .nullMX)
        #expect(refusal(DNSAnswer(.noName)) == .noSuchDomain)
        #expect(refusal(DNSAnswer(.found, records: [.mx(preference: 0, host: "a")])) == nil)
        #expect(refusal(DNSAnswer(.noRecords)) == nil)
        #expect(refusal(.trouble(.timeout)) == .unknownNow)
    }

    @Test func `a domain that does not exist takes no mail`() throws {
        var zone = Zone([])
        #expect(try zone.answer() == .none("there is no domain example.net"))
    }

    @Test(arguments: [
        ["mx example.net 0 ."], ["mx example.net 10 ."], ["mx example.net 0 .", "mx example.net 10 ."],
        ["mx example.net 0 .", "mx example.net 10 a", "a a 9.0.0.1"],
    ])
    func `the root as best host says that no mail is taken`(lines: [String]) throws {
        var zone = Zone(lines)
        #expect(try zone.answer() == .nullMX)
    }

    @Test func `the root behind a host is left out, like other names of no host`() throws {
        var zone = Zone(["mx example.net 5 a\u{1B}[2J", "mx example.net 10 a", "mx example.net 20 .", "a a 9.0.0.1"])
        #expect(try zone.hosts() == ["a 9.0.0.1"])
    }

    @Test func `trouble is temporary, unless somebody else takes the mail`() throws {
        var zone = Zone(["trouble mx example.net"])
        #expect(try zone.answer() == .later("MX of example.net: SERVFAIL"))
        var hosts = Zone(["mx example.net 10 a", "trouble a a", "mx example.net 20 b"])
        #expect(try hosts.answer() == .later("address of a: SERVFAIL"))
        var other = Zone(["mx example.net 10 a", "trouble a a", "mx example.net 20 b", "a b 9.0.0.2"])
        #expect(try other.hosts() == ["b 9.0.0.2"])
        var half = Zone(["mx example.net 10 a", "trouble aaaa a", "a a 9.0.0.1"])
        #expect(try half.hosts() == ["a 9.0.0.1"])
    }

    @Test func `where we are a host ourselves, only those preferred to us get mail from us`() throws {
        let lines = [
            "mx example.net 10 a", "mx example.net 20 b", "mx example.net 20 us", "mx example.net 30 c", "a a 9.0.0.1",
            "a b 9.0.0.2", "a us 9.9.9.9", "a c 9.0.0.3",
        ]
        var byName = Zone(lines, policy: MailHostPolicy(ownNames: ["us"]))
        #expect(try byName.hosts() == ["a 9.0.0.1"])
        for seed in 0..<10 {
            let ourNetwork = try IPNetwork("9.9.9.9")
            var byAddress = Zone(lines, policy: MailHostPolicy(ownNetworks: [ourNetwork]), seed: UInt64(seed))
            #expect(try byAddress.hosts() == ["a 9.0.0.1"])
        }
    }

    @Test func `where nobody is preferred to us the mail would come back`() throws {
        var byName = Zone(
            ["mx example.net 10 us", "mx example.net 20 a", "a a 9.0.0.1"], policy: MailHostPolicy(ownNames: ["us"]))
        #expect(try byName.answer() == .ourselves)
        var byAddress = Zone(["a example.net 9.9.9.9"], policy: MailHostPolicy(ownNetworks: [try IPNetwork("9.9.9.9")]))
        #expect(try byAddress.answer() == .ourselves)
        var trouble = Zone(
            ["mx example.net 10 a", "trouble a a", "mx example.net 20 us"], policy: MailHostPolicy(ownNames: ["us"]))
        #expect(try trouble.answer() == .later("address of a: SERVFAIL"))
    }

    @Test(arguments: [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1",
        "fd12::1", "fe80::1", "fec0::1", "ff02::1",
    ])
    func `an address that no public host has is used where the configuration allows it`(text: String) throws {
        let address = try #require(IPAddress(text))
        let lines = ["mx example.net 10 a", "a a \(text)"]
        var zone = Zone(lines)
        #expect(try zone.answer() == .none("example.net leads to \(address), which may not be used"))
        let network = IPNetwork(containing: address, prefixLength: 128)
        var allowed = Zone(lines, policy: MailHostPolicy(allowedNetworks: [network]))
        #expect(try allowed.hosts() == ["a \(address)"])
    }

    @Test(arguments: [
        "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1", "172.15.0.1", "172.32.0.1",
        "192.0.1.1", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2003::1",
        "2600::1", "3ffe::1",
    ])
    func `neighbours of such networks are used`(text: String) throws {
        var zone = Zone(["a example.net \(text)"])
        #expect(try zone.hosts() == ["example.net \(text)"])
    }

    @Test func `a forbidden address does not stand in the way of another`() throws {
        var zone = Zone(["a example.net 10.0.0.1", "aaaa example.net 2600::1"])
        #expect(try zone.hosts() == ["example.net 2600::1"])
    }

    @Test func `five addresses are enough, and both families are among them`() throws {
        let addresses = (1...100).flatMap { ["a a 9.0.0.\($0)", "aaaa a 2600::\($0)", "a b 9.0.1.\($0)"] }
        var zone = Zone(["mx example.net 10 a", "mx example.net 20 b"] + addresses)
        guard case .hosts(let hosts) = try zone.answer() else {
            Issue.record("there are hosts")
            return
        }
        #expect(hosts.map(\.name) == ["a"])
        #expect(hosts[0].addresses.count == 5)
        #expect(Set(hosts[0].addresses.map { "\($0)".hasPrefix("2600:") }) == [true, false])
    }

    @Test func `a thousand hosts cost no more than forty questions`() throws {
        var zone = Zone((1...1_000).map { "mx example.net \($0) m\($0)" })
        #expect(try zone.answer() == .later("example.net names too many hosts without an address"))
        #expect(zone.questions <= 40)
        var good = Zone((1...1_000).flatMap { ["mx example.net \($0) m\($0)", "a m\($0) 9.1.0.\($0 % 256)"] })
        #expect(try good.hosts().map { $0.prefix(2) } == ["m1", "m2", "m3", "m4", "m5"])
        #expect(good.questions <= 13)
    }

    @Test func `a host that a route names may be anywhere, and has no MX`() throws {
        var zone = Zone(["mx relay 10 a", "a relay 10.0.0.1", "aaaa relay fd00::1"])
        let answer = zone.run(MailHostSelection(host: "relay", policy: MailHostPolicy()))
        let addresses = ["fd00::1", "10.0.0.1"].compactMap { IPAddress($0) }
        #expect(answer == .hosts([MailHostCandidate(name: "relay", addresses: addresses)]))
    }
}
