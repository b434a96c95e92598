import MailCore
import NIOCore
import NIOPosix
import QueueCore
import SMTPClient

@testable import Delivery

/// A relay agent with what it needs, and messages for it.
struct RelayBench {
    let pool: SMTPConnectionPool
    let agent: RelayAgent

    init(
        _ answer: MailHostAnswer = .none("no such domain"), longestWait: Duration? = nil,
        limits: SMTPPoolLimits = .init()
    ) throws {
        let host = try Domain("relay.example")
        pool = SMTPConnectionPool(
            configuration: SMTPClientConfiguration(localName: .domain(host), longestWait: longestWait), limits: limits)
        agent = RelayAgent(host: host, lookup: ScriptedLookup(answer: answer), pool: pool, threads: .singleton)
    }

    func deliver(_ job: DeliveryJob) async -> AgentReport { await agent.deliver(job) }
}

struct ScriptedLookup: MailHostLookup {
    let answer: MailHostAnswer

    func hosts(for domain: Domain) async -> MailHostAnswer { answer }
    func addresses(of name: String) async -> MailHostAnswer { answer }
}

extension MailHostAnswer {
    /// Hosts `mx1`, `mx2`, … of the loopback, one for each address.
    static func hosts(_ addresses: String...) -> MailHostAnswer {
        .hosts(
            addresses.enumerated().map { index, address in
                MailHostCandidate(name: "mx\(index + 1).example", addresses: [IPAddress(address)].compactMap(\.self))
            })
    }
}

extension DeliveryJob {
    static let body = "Subject: Hello\r\n\r\nHello.\r\n"

    /// A message from ann to users of `remote.example`.
    static func test(
        _ names: String..., to destination: Destination, prefix: String = "Received: from a by b; c\r\n",
        body: MessageContent.Body = .memory(ByteBuffer(string: body)), options: EnvelopeOptions = .init()
    ) throws -> DeliveryJob {
        try test(
            names.map { EnvelopeRecipient(try EmailAddress("\($0)@remote.example")) }, to: destination,
            prefix: prefix, body: body, options: options)
    }

    static func test(
        _ recipients: [EnvelopeRecipient], to destination: Destination,
        prefix: String = "Received: from a by b; c\r\n",
        body: MessageContent.Body = .memory(ByteBuffer(string: body)), options: EnvelopeOptions = .init()
    ) throws -> DeliveryJob {
        let queued = recipients.enumerated().map { QueuedRecipient(number: $0, recipient: $1) }
        let message = QueuedMessage(
            id: QueueID(rawValue: 1_700_000_000_000_000), arrived: .test,
            reversePath: .mailbox(try EmailAddress("ann@example.org")), options: options, recipients: queued,
            content: MessageContent(prefix: ByteBuffer(string: prefix), body: body))
        return DeliveryJob(message: message, recipients: queued, destination: destination)
    }
}

extension AgentReport {
    var actions: [Outcome.Action] { outcomes.map(\.action) }
    var statuses: [String] { outcomes.map { "\($0.status)" } }
}

extension Destination {
    static func mx(port: Int) throws -> Destination { .mx(try Domain("remote.example"), port: port) }
}
