import MailCore
import MailDirectory
import MailTesting
import Reception
import SMTPCore
import Synchronization
import Testing

/// What strangers must pass: greylisting, block lists, and whoever else is asked.
struct ScreenTests {
    private struct Fixed: RecipientScreen {
        let reply: SMTPReply?
        var isOn = true
        func objection(to recipient: ScreenedRecipient) async -> SMTPReply? { reply }
    }

    private static let refusal = SMTPReply(554, .init(.permanentFailure, 7, 1), "Not you")

    private func reply(isTrusted: Bool, _ screens: any RecipientScreen...) async throws -> [String] {
        let server = try await ReceptionServer(isTrusted: isTrusted, screens: screens)
        let replies = try await server.replies(
            to: "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "RCPT TO:<nobody@example.org>")
        await server.stop()
        return replies
    }

    @Test func `an objection refuses a stranger's recipient, and what is unknown is so without asking`() async throws {
        let replies = try await reply(isTrusted: false, Fixed(reply: nil), Fixed(reply: Self.refusal))
        #expect(replies[1] == "554 5.7.1 Not you")
        #expect(replies[2] == "550 5.1.1 No such user here")
    }

    @Test func `whoever is trusted is not asked about, and what is off objects to nothing`() async throws {
        #expect(try await reply(isTrusted: true, Fixed(reply: Self.refusal))[1].hasPrefix("250"))
        #expect(try await reply(isTrusted: false, Fixed(reply: Self.refusal, isOn: false))[1].hasPrefix("250"))
    }

    private func recipient(
        _ client: String, from sender: String = "you@example.net", size: UInt64? = nil
    ) throws -> ScreenedRecipient {
        ScreenedRecipient(
            session: "1", client: try #require(IPAddress(client)), clientPort: 1, hello: nil, size: size,
            reversePath: .mailbox(try EmailAddress(sender)), recipient: try EmailAddress("ann@example.org"), tls: nil)
    }

    @Test func `greylisting puts off who comes first, and lets through who comes again after the pause`() async throws {
        let time = Mutex(Timestamp(microseconds: 1_000_000_000_000))
        let greylisting = Greylisting(pause: { .seconds(300) }, now: { time.withLock(\.self) })
        let pass = { (seconds: Int) in time.withLock { $0 = $0 + .seconds(seconds) } }
        #expect(try await greylisting.objection(to: recipient("192.0.2.7"))?.description.hasPrefix("450 4.7.1") == true)
        pass(299)
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) != nil)
        pass(1)
        #expect(try await greylisting.objection(to: recipient("192.0.2.8")) == nil, "another server of the same site")
        #expect(try await greylisting.objection(to: recipient("192.0.2.7", from: "other@example.net")) != nil)
        #expect(try await greylisting.objection(to: recipient("198.51.100.1")) != nil)
        pass(30 * 86_400)
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) == nil, "who is known stays known")
        pass(37 * 86_400)
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) != nil, "but not for ever")
    }

    @Test func `who comes again only after two days begins anew`() async throws {
        let time = Mutex(Timestamp(microseconds: 1_000_000_000_000))
        let greylisting = Greylisting(pause: { .seconds(300) }, now: { time.withLock(\.self) })
        #expect(try await greylisting.objection(to: recipient("2001:db8::1")) != nil)
        time.withLock { $0 = $0 + .seconds(2 * 86_400) }
        #expect(try await greylisting.objection(to: recipient("2001:db8::2")) != nil)
    }

    @Test func `nobody waits until a clock that was set back is as late again`() async throws {
        let time = Mutex(Timestamp(microseconds: 1_000_000_000_000))
        let greylisting = Greylisting(pause: { .seconds(300) }, now: { time.withLock(\.self) })
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) != nil)
        time.withLock { $0 = $0 + .seconds(-86_400) }
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) != nil)
        time.withLock { $0 = $0 + .seconds(300) }
        #expect(try await greylisting.objection(to: recipient("192.0.2.7")) == nil)
    }

    @Test func `who is known to a greylist is known to the next one`() async throws {
        let now = Mutex(Timestamp(microseconds: 1_000_000_000_000))
        let make = { (memory: [UInt8]) in
            Greylisting(pause: { .seconds(300) }, now: { now.withLock(\.self) }, memory: memory)
        }
        let first = make([])
        #expect(first.memory() == nil, "nothing is new")
        #expect(try await first.objection(to: recipient("192.0.2.7")) != nil)
        #expect(try await first.objection(to: recipient("198.51.100.7")) != nil)
        now.withLock { $0 = $0 + .seconds(300) }
        #expect(try await first.objection(to: recipient("192.0.2.7")) == nil)
        let memory = try #require(first.memory())
        #expect(first.memory() == nil, "nothing is new")
        let second = make(memory)
        #expect(try await second.objection(to: recipient("192.0.2.7")) == nil, "it was let through")
        #expect(try await second.objection(to: recipient("198.51.100.7")) == nil, "it came long enough ago")
        #expect(try await second.objection(to: recipient("203.0.113.7")) != nil)
        for damaged in [Array(memory.dropLast()), Array("nothing".utf8), Array(memory.dropFirst())] {
            #expect(try await make(damaged).objection(to: recipient("192.0.2.7")) != nil)
        }
        now.withLock { $0 = $0 + .seconds(40 * 86_400) }
        #expect(try await second.objection(to: recipient("203.0.113.7")) != nil)
        #expect(try #require(second.memory()).count < memory.count, "what is long ago is not kept")
    }

    @Test func `a list names an address backwards, and what it cannot tell refuses nobody`() async throws {
        let asked = Mutex<[String]>([])
        let zones = [try Domain("first.example"), try Domain("second.example")]
        let listed = try #require(IPAddress("127.0.0.2"))
        let closed = try #require(IPAddress("127.255.255.254"))
        let answer: @Sendable (DNSQuestion) -> DNSAnswer = { question in
            asked.withLock { $0.append(question.name) }
            switch question.name {
            case "7.2.0.192.second.example": return DNSAnswer(.found, records: [.address(listed)])
            case "8.2.0.192.second.example": return DNSAnswer(.found, records: [.address(closed)])
            default: return .trouble(.timeout)
            }
        }
        let lists = Blocklists(zones: { zones }, look: { answer($0) })
        let reply = try #require(await lists.objection(to: recipient("192.0.2.7")))
        #expect(reply.description == "554 5.7.1 Your address 192.0.2.7 is listed by second.example")
        #expect(asked.withLock(\.self) == ["7.2.0.192.first.example", "7.2.0.192.second.example"])
        #expect(try await lists.objection(to: recipient("192.0.2.8")) == nil)
        #expect(try await lists.objection(to: recipient("2001:db8::1")) == nil)
        let last = asked.withLock { $0.last }
        #expect(last == "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.second.example")
    }

    // MARK: Quotas

    private func quota(held octets: UInt64, most: UInt64? = 1_000, isOn: Bool = true) throws -> MailboxQuota {
        let domain = LocalDomain(
            try Domain("example.org"), users: [try LocalPart("ann")], delivery: .maildir(root: "/mail"), quota: most)
        let directory = AddressDirectory(domains: [domain])
        return MailboxQuota(
            hasQuotas: { isOn }, directory: { directory }, octets: { $0 == "/mail/example.org/ann" ? octets : 0 })
    }

    @Test(
        arguments: [
            (999, nil, false), (1_000, nil, true), (2_000, nil, true), (0, 1_000, false), (1, 1_000, true),
            (0, UInt64.max, true), (1, UInt64.max, true),
        ] as [(UInt64, UInt64?, Bool)])
    func `a full mailbox is refused, and one without room for the size that was announced`(
        held: UInt64, size: UInt64?, isRefused: Bool
    ) async throws {
        let objection = try await quota(held: held).objection(to: recipient("192.0.2.7", size: size))
        #expect(objection?.description == (isRefused ? "552 5.2.2 The mailbox is full" : nil))
    }

    @Test func `a mailbox without a quota is never full`() async throws {
        #expect(try await quota(held: .max, most: nil).objection(to: recipient("192.0.2.7")) == nil)
    }

    @Test func `whoever is trusted hears of it too`() async throws {
        for isTrusted in [true, false] {
            #expect(try await reply(isTrusted: isTrusted, quota(held: 1_000))[1] == "552 5.2.2 The mailbox is full")
            #expect(try await reply(isTrusted: isTrusted, quota(held: 1_000, isOn: false))[1].hasPrefix("250"))
        }
    }
}
