import MailCore
import MailDirectory
import MailTesting
import NIOPosix
import Reception
import SMTPCore
import SMTPServer
import Synchronization

/// A listener on the loopback with reception behind it and a queue in memory.
final class ReceptionServer: Sendable {
    let sink: RecordingSink
    private let listener: SMTPListener
    private let log: EventList
    private let port: Int

    final class EventList: Sendable {
        private let events = Mutex<[ReceptionEvent]>([])
        var all: [ReceptionEvent] { events.withLock(\.self) }
        func add(_ event: ReceptionEvent) { events.withLock { $0.append(event) } }
    }

    /// - Parameter isTrusted: whether the test's connections come from a trusted network.
    init(
        isTrusted: Bool, sink: RecordingSink = .init(), kind: SMTPServerConfiguration.Kind = .smtp,
        domains: DomainCheck = DomainCheck { _ in nil }, terminals: any TerminalMessenger = ScriptedTerminals(),
        queue: any QueueStarter = ScriptedQueue(), screens: [any RecipientScreen] = [],
        authentication: any AuthenticationService = NoAuthentication(), isSubmission: Bool = false,
        offersInClear: Bool = true, defaultDomain: Domain? = nil,
        change: (inout ReceptionSettings) -> Void = { _ in }
    ) async throws {
        var settings = ReceptionSettings(
            hostname: "mx.example.org", directory: try .example(),
            trustedNetworks: isTrusted ? [try IPNetwork("127.0.0.0/8")] : [], unknownRecipientPause: .zero)
        change(&settings)
        let (final, log) = (settings, EventList())
        let services = ReceptionServices(
            sink: sink, log: log.add, mailDate: { "Sat, 21 Nov 2026 20:00:00 +0000" }, status: { ["All is well"] },
            domains: domains, terminals: terminals, queue: queue, turns: NoTurns(), screens: screens,
            authentication: authentication)
        var machine = SMTPServerConfiguration(hostname: "mx.example.org", kind: kind)
        machine.mechanisms = authentication is NoAuthentication ? [] : ["SCRAM-SHA-256", "PLAIN", "LOGIN"]
        machine.authenticatesInClear = offersInClear
        machine.requiresAuthentication = isSubmission
        machine.defaultDomain = defaultDomain
        listener = SMTPListener(
            SMTPListenerConfiguration(
                name: "test", endpoint: .ip(.v4(.init(bits: 0x7F00_0001)), port: 0),
                machine: machine),
            group: MultiThreadedEventLoopGroup.singleton, ledger: ConnectionLedger(limits: .init()),
            isTrusted: final.isTrusted,
            makeDelegate: { peer in
                ReceptionSession(
                    id: SessionID(rawValue: 1), peer: peer, isLMTP: kind == .lmtp, isSubmission: isSubmission,
                    defaultDomain: defaultDomain, settings: final, services: services)
            })
        (self.sink, self.log) = (sink, log)
        guard case .ip(_, let port) = try await listener.bind() else {
            preconditionFailure("it was bound to an address")
        }
        self.port = port
    }

    var events: [ReceptionEvent] { log.all }

    /// A client that has said hello.
    func connect(
        hello: String = "EHLO client.example.net", isolation: isolated (any Actor)? = #isolation
    ) async throws -> RawConnection {
        let client = try RawConnection(port: port)
        _ = try await client.reply()
        _ = try await client.ask(hello)
        return client
    }

    /// The replies to each of `commands` in turn.
    func replies(
        to commands: String..., isolation: isolated (any Actor)? = #isolation
    ) async throws -> [String] {
        let client = try await connect()
        var replies: [String] = []
        for command in commands { replies.append(try await client.ask(command)) }
        return replies
    }

    /// Takes one message and returns what was stored.
    func store(
        hello: String = "EHLO client.example.net", from sender: String = "<you@example.net>",
        to recipients: [String] = ["<ann@example.org>"], isolation: isolated (any Actor)? = #isolation
    ) async throws -> RecordingSink.Stored {
        let client = try await connect(hello: hello)
        for command in ["MAIL FROM:\(sender)"] + recipients.map({ "RCPT TO:\($0)" }) + ["DATA"] {
            let reply = try await client.ask(command)
            guard reply.hasPrefix("2") || reply.hasPrefix("354") else { throw Refused(command: command, reply: reply) }
        }
        let reply = try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.")
        guard reply.hasPrefix("250"), let stored = sink.stored.last else { throw Refused(command: ".", reply: reply) }
        return stored
    }

    func stop() async { await listener.shutDown(grace: .zero) }

    struct Refused: Error {
        let command: String
        let reply: String
    }
}

extension AddressDirectory {
    /// Users ann and bob, aliases of all kinds, a list, and a second domain that takes everything.
    static func example() throws -> AddressDirectory {
        let (ann, bob) = (try EmailAddress("ann@example.org"), try EmailAddress("bob@example.org"))
        return AddressDirectory(
            domains: [
                LocalDomain(try Domain("example.org"), users: [ann.localPart, bob.localPart], delivery: .discard),
                LocalDomain(try Domain("example.com"), users: [], catchAll: ann, delivery: .discard),
            ],
            aliases: [
                AddressAlias(try EmailAddress("both@example.org"), .forward(to: [ann, bob], tell: false)),
                AddressAlias(
                    try EmailAddress("away@example.org"),
                    .forward(to: [try EmailAddress("away@example.net")], tell: true)),
                AddressAlias(try EmailAddress("gone@example.org"), .moved(to: try EmailAddress("gone@example.net"))),
            ],
            lists: [MailingList(try EmailAddress("staff@example.org"), members: [ann, bob])])
    }
}
