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
        // The client's book-keeping lies outside the server's folder.
        let ledger = try TemporaryDirectory()
        let server = try MartletServer()
        for life in 0..<Self.kills {
            try await server.start()
            try await load(server, ledger, life: life, answersBeforeKill: .random(in: 1...500))
        }
        try await server.start()
        let audit = try await Audit.run(ledger: ledger.path("ledger"), server: server)
        try await server.stop()

        print(
            "durability: \(Self.kills) kills, \(audit.answered) of \(audit.sent) answered, "
                + "\(audit.lost.count) lost, \(audit.torn.count) torn, \(audit.duplicates) twice")
        #expect(audit.answered >= Self.kills)
        #expect(audit.refused == [])
        #expect(audit.lost == [])
        #expect(audit.torn == [])
    }

    /// Sends from several sessions at once and kills the server when this many messages of this life are answered.
    private func load(
        _ server: MartletServer, _ ledger: TemporaryDirectory, life: Int, answersBeforeKill answers: Int
    ) async throws {
        let errors = ledger.path("load.log")
        let client = try RunningProcess(
            Tool.require("python3"), [script("load.py"), "\(server.port)", ledger.path("ledger"), "\(life)"],
            output: errors, errors: errors)
        let answered = Data("answered \(life)-".utf8)
        _ = try await eventually("\(answers) answers", timeout: .seconds(60)) {
            let ledger = (try? Data(contentsOf: URL(fileURLWithPath: ledger.path("ledger")))) ?? Data()
            return occurrences(of: answered, in: ledger) >= answers ? true : nil
        }
        try await server.kill()
        let status = try await client.end(within: .seconds(60))
        #expect(status == 0, "\((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")")
    }

    private func occurrences(of pattern: Data, in data: Data) -> Int {
        var count = 0
        var rest = data[...]
        while let found = rest.range(of: pattern) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}

/// What `audit.py` found.
private struct Audit: Decodable {
    let sent: Int
    let answered: Int
    let refused: [String]
    let lost: [String]
    let torn: [String]
    let duplicates: Int

    static func run(ledger: String, server: MartletServer) async throws -> Audit {
        let result = try await MailTesting.run(
            Tool.require("python3"),
            [script("audit.py"), ledger, "\(server.dataDirectory)/mail/\(server.domain)", "60"],
            timeout: .seconds(120))
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Audit.self, from: result.standardOutput)
    }
}
