import Foundation
import MailTesting
import Testing

/// With `--via mx` a message goes to the hosts that DNS names for each recipient.
@Suite(.requires("nsd")) struct SendMailHostTests {
    static let zones = [
        "example.org": "@ MX 10 mx\nmx A 127.0.0.1", "null.example": "@ MX 0 .", "broken.example": nil,
        "dead.example": "@ MX 10 mx\nmx A 127.0.0.2",
    ]

    @Test func `a host that takes no mail refuses for good`() async throws {
        let script = RemoteScript([.greeting: .answer("521 5.3.2 No mail is taken here")])
        try await ScriptedRemote.with(script) { remote in
            try await NameServerProcess.with(zones: Self.zones) { names in
                let files = try TemporaryDirectory()
                let configuration = """
                    [dns]
                    servers = ["127.0.0.1:\(names.port)"]
                    allow_networks = ["127.0.0.0/8"]

                    """
                let path = try files.write(Data(configuration.utf8), to: "client.toml")
                let result = try await send(
                    ["ann@example.org", "--text", "Hi", "--config", path, "--json", "--via", "mx:\(remote.port)"])
                let lines = try SendLine.lines(of: result)
                #expect(result.status == 69)
                #expect(lines.first?.action == "refused" && lines.first?.status == "5.3.2", "\(result.output)")
            }
        }
    }

    @Test func `each domain has a host of its own, and each recipient a result`() async throws {
        try await MartletServer.with { server in
            try await NameServerProcess.with(zones: Self.zones) { names in
                let files = try TemporaryDirectory()
                let configuration = """
                    hostname = "client.example.net"
                    [dns]
                    servers = ["127.0.0.1:\(names.port)"]
                    allow_networks = ["127.0.0.0/8"]

                    """
                let path = try files.write(Data(configuration.utf8), to: "client.toml")
                let recipients = ["ann@example.org", "a@null.example", "nobody@example.org", "a@broken.example"]
                let result = try await send(
                    recipients + ["a@dead.example", "--text", "Hi", "--config", path, "--json"]
                        + ["--via", "mx:\(server.port)"])
                let lines = try SendLine.lines(of: result)
                #expect(result.status == 69)
                #expect(lines.map(\.action) == ["accepted", "refused", "refused", "deferred", "deferred", nil])
                #expect(lines.map(\.status).prefix(4) == ["2.0.0", "5.1.10", "5.1.1", "4.4.3"])
                #expect(lines[4].status == "4.4.1")
                _ = try await server.message(for: "ann")
            }
        }
    }
}
