import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// The wall clock jumps while the server runs; time itself goes on.
    struct ClockTests {
        @Test func `mail flows whatever the wall clock says`() async throws {
            let server = try MartletServer()
            let clock = try await SystemCallFaults(below: server.dataDirectory, source: source("Faults/faults.c"))
            try await server.start(environment: clock.environment)
            var ledger = MessageLedger()
            let hour = 3_600
            let year = 365 * 24 * hour
            // 2038-01-19 03:14:00, seven seconds before 32 bits end.
            let end = 2_147_483_640 - Int(Date().timeIntervalSince1970)
            let jumps = [0, hour, -hour, -300, 10 * year, -10 * year, 0, end, end + 60, 100 * year, 0]
            for (number, jump) in jumps.enumerated() {
                try clock.setClock(ahead: jump)
                let entry = try await ledger.send(
                    "jump-\(number)", to: ["ann@\(server.domain)"], octets: 1_000, over: server)
                #expect(entry.isAnswered, "\(jump): \(entry.answer ?? "no answer")")
                #expect(try await server.messages(for: "ann", count: number + 1).count == number + 1, "\(jump)")
            }
            let used = try server.processorTime()
            #expect(used < 10, "\(used) s of processor time")
            try await server.stop()
            let account = try Account(ledger, maildirs: "\(server.dataDirectory)/mail")
            FaultTests.report("clock jumps", "\(jumps.count) jumps, \(account)")
            account.expectNothingLost()
            #expect(account.twice == 0)
            // The clock did jump.
            let headers = try server.messages(for: "ann").map { String(decoding: $0.prefix(600), as: UTF8.self) }
            #expect(headers.contains { $0.contains(" 2038 ") })
        }

        @Test func `a message that waits is kept when the clock jumps ahead, and is not tried without end`()
            async throws
        {
            let (server, clock) = try await serverWithoutMailbox()
            try await server.start(environment: clock.environment)
            var ledger = MessageLedger()
            let entry = try await ledger.send("waits", to: ["ann@\(server.domain)"], octets: 1_000, over: server)
            _ = try await eventually("the first attempt") { attempts(of: entry, server) >= 1 ? true : nil }
            for (number, jump) in [3_600, 40_000].enumerated() {
                try clock.setClock(ahead: jump)
                // Something that happens makes the server look at the clock.
                try await ledger.send("other-\(number)", to: ["bob@\(server.domain)"], octets: 1_000, over: server)
                _ = try await server.messages(for: "bob", count: number + 1)
            }
            #expect(attempts(of: entry, server) <= 3)
            let list = try await run(
                MartletServer.program, ["queue", "list", "--json", "--config", server.configurationPath])
            #expect(list.output.contains("\"\(entry.queueID ?? "-")\""))
            try await server.stop()
        }

        @Test func `a message that was told to wait by a clock ten years ahead is tried when the clock is right`()
            async throws
        {
            let (server, clock) = try await serverWithoutMailbox()
            try clock.setClock(ahead: 10 * 365 * 86_400)
            try await server.start(environment: clock.environment)
            var ledger = MessageLedger()
            let entry = try await ledger.send("waits", to: ["ann@\(server.domain)"], octets: 1_000, over: server)
            _ = try await eventually("the first attempt") { attempts(of: entry, server) >= 1 ? true : nil }
            try await server.stop()
            try FileManager.default.removeItem(atPath: Self.obstacle(server))
            try clock.setClock(ahead: 0)
            try await server.start(environment: clock.environment)
            #expect(try await server.messages(for: "ann", count: 1).count == 1)
            try await server.stop()
            try Account(ledger, maildirs: "\(server.dataDirectory)/mail").expectNothingLost()
        }

        /// A server that has not been started, with a clock to set. What lies where ann's mailbox should be keeps mail for
        /// her waiting.
        private func serverWithoutMailbox() async throws -> (MartletServer, SystemCallFaults) {
            let server = try MartletServer()
            let clock = try await SystemCallFaults(below: server.dataDirectory, source: source("Faults/faults.c"))
            let obstacle = URL(fileURLWithPath: Self.obstacle(server))
            try FileManager.default.createDirectory(
                at: obstacle.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: obstacle)
            return (server, clock)
        }

        private static func obstacle(_ server: MartletServer) -> String {
            "\(server.dataDirectory)/mail/\(server.domain)/ann"
        }

        private func attempts(of entry: MessageLedger.Entry, _ server: MartletServer) -> Int {
            server.log.split(separator: "\n").count { $0.contains("qid=\(entry.queueID ?? "-") to=") }
        }
    }
}
