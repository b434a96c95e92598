import MailCore
import SMTPCore
import Testing

@Suite struct ProxyHeaderTests {
    private func endpoint(_ address: String, _ port: UInt16) throws -> ProxyHeader.Endpoint {
        ProxyHeader.Endpoint(try #require(IPAddress(address)), port: port)
    }

    @Test func `version 1 is a line of text`() throws {
        let v4 = try #require(ProxyHeader(source: endpoint("192.0.2.7", 4711), destination: endpoint("192.0.2.1", 25)))
        #expect(String(decoding: v4.octets(.one), as: UTF8.self) == "PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n")
        let v6 = try #require(
            ProxyHeader(source: endpoint("2001:db8::7", 4711), destination: endpoint("2001:db8::1", 25)))
        #expect(v6.line == "PROXY TCP6 2001:db8::7 2001:db8::1 4711 25")
    }

    @Test func `version 2 is a signature, the family, the length and both ends`() throws {
        let header = try #require(
            ProxyHeader(source: endpoint("192.0.2.7", 4711), destination: endpoint("192.0.2.1", 25)))
        let octets = header.octets(.two)
        #expect(octets.prefix(12) == [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10])
        #expect(octets.dropFirst(12).prefix(4) == [0x21, 0x11, 0, 12])
        #expect(octets.dropFirst(16) == [192, 0, 2, 7, 192, 0, 2, 1, 0x12, 0x67, 0, 25])
        let wide = try #require(
            ProxyHeader(source: endpoint("2001:db8::7", 4711), destination: endpoint("2001:db8::1", 25)))
        #expect(wide.octets(.two).dropFirst(12).prefix(4) == [0x21, 0x21, 0, 36])
        #expect(wide.octets(.two).count == 16 + 36)
    }

    @Test func `the two ends are of one family`() throws {
        #expect(ProxyHeader(source: try endpoint("192.0.2.7", 1), destination: try endpoint("::1", 25)) == nil)
    }
}
