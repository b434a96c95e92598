import MailCore
import Testing

struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
        ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
    ])
    func `an address is written as RFC 5952 wants it`(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "+1.2.3.4", " 1.2.3.4",
        "1.2.3.4 ", "١.2.3.4", "0x1.2.3.4", ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "g::", "12345::", "fe80::1%eth0", "1.2.3.4::", "::1.2.3", ":1::",
        "::1:", "1:2:3:4:5:6:7:1.2.3.4",
    ])
    func `what is no address is refused`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `a literal says which family it is`() {
        #expect(IPAddress("192.0.2.1")?.literal == "192.0.2.1")
        #expect(IPAddress("2001:db8::1")?.literal == "IPv6:2001:db8::1")
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.255.254", true), ("::1", true), ("128.0.0.1", false), ("::2", false),
    ])
    func `the loopback is known`(text: String, isLoopback: Bool) {
        #expect(IPAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"), ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
        ("2001:db8::/127", "2001:db8::1", "2001:db8::2"), ("0.0.0.0/0", "255.1.2.3", "::1"),
        ("::/0", "::1", "10.0.0.1"),
        ("127.0.0.0/8", "::ffff:127.0.0.1", "::1"),
    ])
    func `a network holds what shares its prefix, in its own family`(network: String, inside: String, outside: String)
        throws
    {
        let network = try IPNetwork(network)
        #expect(network.contains(try #require(IPAddress(inside))))
        #expect(!network.contains(try #require(IPAddress(outside))))
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.1/8", "2001:db8::/129",
        "2001:db8::1/64", "::ffff:10.0.0.0/104", "example.org", "10.0.0.0/99999999999999999999",
    ])
    func `what is no network is refused`(text: String) {
        #expect(throws: AddressError.self) { try IPNetwork(text) }
    }

    @Test func `a network with bits behind its prefix names the one that was meant`() {
        #expect(throws: AddressError("10.1.2.3/8 has bits behind the prefix; did you mean 10.0.0.0/8?")) {
            try IPNetwork("10.1.2.3/8")
        }
    }

    @Test func `DNS keeps the name of an address under its digits in reverse`() throws {
        let v4 = try #require(IPAddress("192.0.2.25"))
        #expect(v4.reverseName == "25.2.0.192.in-addr.arpa")
        let v6 = try #require(IPAddress("2001:db8::567:89ab"))
        #expect(v6.reverseName == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
    }
}
