import MailCore
import MailDNS
import MailTesting
import Testing

@Suite(.requires("nsd")) struct AnswerTests {
    private func ask(
        _ zones: [String: String?], _ name: String, _ type: DNSRecordType,
        trustAnchors: [ResolverSettings.TrustAnchor] = []
    ) async throws -> DNSAnswer {
        try await NameServerProcess.with(zones: zones) { server in
            try await resolver(server.port, trustAnchors).answer(to: DNSQuestion(name, type))
        }
    }

    private func resolver(
        _ port: UInt16, _ trustAnchors: [ResolverSettings.TrustAnchor] = []
    ) throws -> UnboundResolver {
        try UnboundResolver(
            ResolverSettings(
                upstream: .servers([NameServer(.v4(IPv4Address(bits: 0x7F00_0001)), port: port)]),
                trustAnchors: trustAnchors))
    }

    @Test func `MX records come with their preferences, names in lower case without the last dot`() async throws {
        let answer = try await ask(["example.net": "@ MX 20 B.Example.ORG.\n@ MX 10 a"], "example.net", .mx)
        #expect(answer.status == .found)
        #expect(
            Set(answer.records) == [
                .mx(preference: 10, host: "a.example.net"), .mx(preference: 20, host: "b.example.org"),
            ])
    }

    @Test func `the root is the empty name`() async throws {
        let answer = try await ask(["example.net": "@ MX 0 ."], "example.net", .mx)
        #expect(answer.records == [.mx(preference: 0, host: "")])
    }

    @Test func `addresses are values, and an IPv4-mapped one is the IPv4 address`() async throws {
        let zone = "a A 192.0.2.1\na AAAA 2001:db8::1\nb AAAA ::ffff:127.0.0.1"
        try await NameServerProcess.with(zones: ["example.net": zone]) { server in
            let answers = try await resolver(server.port).answers(to: [
                DNSQuestion("a.example.net", .a), DNSQuestion("a.example.net", .aaaa),
                DNSQuestion("b.example.net", .aaaa),
            ])
            let expected = ["192.0.2.1", "2001:db8::1", "127.0.0.1"].compactMap { IPAddress($0) }
            #expect(answers.map(\.records) == expected.map { [.address($0)] })
        }
    }

    @Test func `the strings of a TXT record are joined`() async throws {
        let answer = try await ask(["example.net": #"@ TXT "v=spf1 " "-all""#], "example.net", .txt)
        #expect(answer.records == [.text(Array("v=spf1 -all".utf8))])
    }

    @Test func `addresses have names, those of networks for documentation too`() async throws {
        let answer = try await ask(
            ["2.0.192.in-addr.arpa": "1 PTR mail.example.net."], "1.2.0.192.in-addr.arpa", .ptr)
        #expect(answer.records == [.name("mail.example.net")])
    }

    @Test func `no name, no records and no answer are different things`() async throws {
        let zones = ["example.net": "@ MX 10 a", "broken.example": nil]
        try await NameServerProcess.with(zones: zones) { server in
            let answers = try await resolver(server.port).answers(to: [
                DNSQuestion("nobody.example.net", .mx), DNSQuestion("example.net", .a),
                DNSQuestion("broken.example", .mx), DNSQuestion("elsewhere.example", .mx),
            ])
            let trouble = DNSAnswer.Status.trouble(.refused(code: 2))
            #expect(answers.map(\.status) == [.noName, .noRecords, trouble, trouble])
            #expect(answers.allSatisfy { $0.records.isEmpty && !$0.isSecure })
        }
    }

    @Test(arguments: [(0, true), (1, true), (8, true), (9, false)])
    func `up to eight aliases in a row are followed`(links: Int, isFollowed: Bool) async throws {
        let chain = (0..<links).map { "a\($0) CNAME a\($0 + 1)\n" }.joined()
        let answer = try await ask(["example.net": chain + "a\(links) A 192.0.2.1"], "a0.example.net", .a)
        #expect(answer.status == (isFollowed ? .found : .trouble(.aliases)))
    }

    @Test func `aliases in a circle are trouble`() async throws {
        let answer = try await ask(["example.net": "a CNAME b\nb CNAME a"], "a.example.net", .a)
        guard case .trouble = answer.status else {
            Issue.record("\(answer)")
            return
        }
    }

    @Test func `a thousand hosts are read, though they do not fit into a datagram`() async throws {
        let zone = (0..<1_000).map { "@ MX \($0) m\($0)" }.joined(separator: "\n")
        let answer = try await ask(["example.net": zone], "example.net", .mx)
        #expect(Set(answer.records).count == 1_000)
    }

    @Test func `an answer without the signatures that its zone must have is bogus, not absent`() async throws {
        let key = "example.net. DS 12345 13 2 " + String(repeating: "AB", count: 32)
        let answer = try await ask(["example.net": "@ MX 10 a"], "example.net", .mx, trustAnchors: [.record(key)])
        guard case .trouble(.bogus(let why)) = answer.status else {
            Issue.record("\(answer)")
            return
        }
        #expect(why.contains("example.net"))
        #expect(answer.records.isEmpty)
    }

    @Test func `each of many questions at once gets its own answer`() async throws {
        let zone = (0..<300).map { "h\($0) A 192.0.\($0 / 256).\($0 % 256)" }.joined(separator: "\n")
        try await NameServerProcess.with(zones: ["example.net": zone]) { server in
            let answers = try await resolver(server.port).answers(
                to: (0..<300).map { DNSQuestion("h\($0).example.net", .a) })
            let expected = (0..<300).compactMap { IPAddress("192.0.\($0 / 256).\($0 % 256)") }
            #expect(answers.map(\.records) == expected.map { [.address($0)] })
        }
    }
}
