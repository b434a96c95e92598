import MailCore
import MailTesting
import NIOPosix
import SMTPServer
import Synchronization
import Testing

/// A listener behind a proxy.
struct ProxyListenerTests {
    /// Runs the body on a listener that expects proxies from `proxies`, with the peers of its sessions.
    private func withListener(
        proxies: String, limits: ConnectionLimits = .init(),
        cutOff: @escaping @Sendable (SMTPPeer, ProxyRefusal) -> Void = { _, _ in },
        _ body: (Int, @Sendable () -> [SMTPPeer]) async throws -> Void
    ) async throws {
        var configuration = SMTPListenerConfiguration.test()
        configuration.proxies = [try IPNetwork(proxies)]
        let peers = PeerList()
        let listener = SMTPListener(
            configuration, group: MultiThreadedEventLoopGroup.singleton, ledger: ConnectionLedger(limits: limits),
            isTrusted: { _ in false }, cutOff: cutOff,
            makeDelegate: { peer in
                peers.add(peer)
                return ScriptedDelegate()
            })
        guard case .ip(_, let port) = try await listener.bind() else { return }
        do { try await body(port) { peers.all } } catch { Issue.record(error) }
        await listener.shutDown(grace: .zero)
    }

    private final class PeerList: Sendable {
        private let peers = Mutex<[SMTPPeer]>([])
        var all: [SMTPPeer] { peers.withLock(\.self) }
        func add(_ peer: SMTPPeer) { peers.withLock { $0.append(peer) } }
    }

    @Test func `the session is that of the client behind the proxy`() async throws {
        try await withListener(proxies: "127.0.0.0/8") { port, peers in
            let client = try RawConnection(port: port)
            client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n")
            #expect(try await client.reply().hasPrefix("220 "))
            #expect(try await client.ask("EHLO c").hasPrefix("250"))
            #expect(peers().map(\.address) == [IPAddress("192.0.2.7")])
            #expect(peers().map(\.port) == [4_711])
        }
    }

    @Test func `nothing is said before the header is there, and nothing in it is a command`() async throws {
        try await withListener(proxies: "127.0.0.0/8") { port, peers in
            let client = try RawConnection(port: port)
            client.send("PROXY TCP6 2001:db8::7 2001:db8::1")
            client.send(" 1 2\r\nNOOP\r\n")
            #expect(try await client.reply().hasPrefix("220"))
            #expect(try await client.reply().hasPrefix("250"))
            #expect(try await client.ask("QUIT").hasPrefix("221"))
            #expect(peers().map(\.address) == [IPAddress("2001:db8::7")])
        }
    }

    @Test(arguments: ["EHLO c\r\n", "\r\n\r\n\0\r\nQUITx", "PROXY TCP4 x y 1 2\r\n", "QUIT\r\n"])
    func `who sends no header is cut off without a word`(text: String) async throws {
        try await withListener(proxies: "127.0.0.0/8") { port, peers in
            let client = try RawConnection(port: port)
            client.send(text)
            #expect(try await client.rest() == "")
            #expect(peers().isEmpty)
        }
    }

    @Test func `who is no proxy is cut off, whatever it says`() async throws {
        try await withListener(proxies: "192.0.2.0/24") { port, peers in
            let client = try RawConnection(port: port)
            client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n")
            #expect(try await client.rest() == "")
            #expect(peers().isEmpty)
        }
    }

    @Test(arguments: [
        ("127.0.0.0/8", "EHLO c\r\n", ProxyRefusal.badHeader), ("127.0.0.0/8", "PROXY TCP4", .noHeader),
        ("192.0.2.0/24", "PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n", .notAProxy),
    ])
    func `why somebody was cut off is told once, with the address`(
        proxies: String, text: String, expected: ProxyRefusal
    ) async throws {
        let heard = Mutex<[String]>([])
        try await withListener(
            proxies: proxies,
            cutOff: { peer, refusal in
                heard.withLock { $0.append("\(peer.address?.description ?? "") \(peer.listener): \(refusal)") }
            },
            { port, _ in
                let client = try RawConnection(port: port)
                client.send(text)
                if expected == .noHeader { client.finishSending() }
                #expect(try await client.rest() == "")
            })
        #expect(heard.withLock(\.self) == ["127.0.0.1 test: \(expected)"])
    }

    @Test func `the limits for one address are those of the client, not of the proxy`() async throws {
        try await withListener(proxies: "127.0.0.0/8", limits: ConnectionLimits(perAddress: 1)) { port, _ in
            var clients: [RawConnection] = []
            for (source, code) in [("192.0.2.7", "220"), ("192.0.2.8", "220"), ("192.0.2.7", "421")] {
                let client = try RawConnection(port: port)
                client.send("PROXY TCP4 \(source) 192.0.2.1 4711 25\r\n")
                #expect(try await client.reply().hasPrefix(code))
                clients.append(client)
            }
        }
    }
}
