import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// Name servers that are down, slow or lie, and come right later.
    struct NameServerTests {
        private static let modes = [
            "silent", "slow", "servfail", "lame", "garbage", "cut", "stranger", "loop", "truncated", "many",
        ]
        /// Seconds for which each domain is in trouble: longer than an attempt waits for names.
        private static let trouble = 8

        @Test func `no trouble with names loses a message or sends it back`() async throws {
            let files = try TemporaryDirectory()
            let output = files.path("output")
            let names = try RunningProcess(
                Tool.require("python3"), [source("Faults/names.py"), "127.0.0.1", "\(Self.trouble)"],
                output: output, errors: files.path("errors"))
            let port = try await eventually("the port of the name server") {
                (try? String(contentsOfFile: output, encoding: .utf8)).flatMap {
                    Int($0.trimmingCharacters(in: .newlines))
                }
            }
            let remote = try ScriptedRemote()
            try await remote.start()
            var ledger = MessageLedger()
            try await MartletServer.with(configuration: Self.configuration(names: port, mail: remote.port)) { server in
                for mode in Self.modes {
                    for number in 0..<FaultTests.times(sample: 1, complete: 10) {
                        try await ledger.send(
                            "\(mode)-\(number).", to: ["someone@\(mode).example"], octets: 1_000, over: server)
                    }
                }
                try await RelayingServer.expectEmptyQueue(server)
                #expect(!server.log.contains("event=failed") && !server.log.contains("event=reported"))
                for mode in Self.modes where !["truncated", "many"].contains(mode) {
                    let isDeferred = server.log.split(separator: "\n").contains {
                        $0.contains("event=deferred") && $0.contains("@\(mode).example>")
                    }
                    #expect(isDeferred, "\(mode) was no trouble")
                }
            }
            try await remote.stop()
            names.signal(SIGTERM)
            _ = try await names.end()
            let missing = ledger.entries.filter { entry in
                let mark = Data("X-Ledger-ID: \(entry.id)\r\n".utf8)
                return remote.messages.count { $0.isTaken && $0.content.range(of: mark) != nil } != 1
            }
            FaultTests.report(
                "name servers that fail",
                "\(Self.modes.count) ways, \(ledger.entries.count) messages, \(missing.count) not delivered once")
            #expect(missing.map(\.id) == [])
        }

        private static func configuration(names: Int, mail: Int) -> String {
            """
            [retry]
            first = "1 s"
            longest = "1 s"
            [dns]
            servers = ["127.0.0.1:\(names)"]
            timeout = "3 s"
            allow_networks = ["127.0.0.0/8"]
            [route.default]
            to = "mx:\(mail)"
            """
        }
    }
}
