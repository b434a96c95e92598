import Foundation
import MailTesting
import Testing

/// The first promise: what was answered with 250 is on disk, whatever is killed.
@Suite(.requires("python3")) struct DurabilityTests {
    /// How often the server is killed; `MARTLET_KILLS` says otherwise.
    private static let kills = ProcessInfo.processInfo.environment["MARTLET_KILLS"].flatMap(Int.init) ?? 4

    @Test(.timeLimit(.minutes(15))) func `no message that was answered is lost or torn when the server is killed`()
        async throws
    {
        let server = try MartletServer()
        let load = try Load()
        for _ in 0..<Self.kills {
            try await server.start()
            try await load.run(against: server, answers: .random(in: 1...500)) { try await server.kill() }
        }
        try await server.start()
        let audit = try await load.audit(server)
        try await server.stop()

        print("durability: \(Self.kills) kills, \(audit)")
        #expect(audit.answered >= Self.kills)
        #expect(audit.refused == [])
        audit.expectNothingLost()
    }
}
