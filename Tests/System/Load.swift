import Foundation
import MailTesting
import Synchronization
import Testing

/// Clients that send from several sessions at once, and the ledger of what they were answered. It lies outside the
/// server's folder.
final class Load: Sendable {
    private let directory: TemporaryDirectory
    private let lives = Mutex(0)

    init() throws {
        directory = try TemporaryDirectory()
    }

    private var ledger: String { directory.path("ledger") }

    /// Sends until the server is gone, and brings its end about when this many messages are answered.
    func run(
        against server: MartletServer, answers: Int, isolation: isolated (any Actor)? = #isolation,
        end: () async throws -> Void
    ) async throws {
        let life = lives.withLock { lives in
            lives += 1
            return lives
        }
        let errors = directory.path("load.log")
        let client = try RunningProcess(
            Tool.require("python3"), [script("load.py"), "\(server.port)", ledger, "\(life)"], output: errors,
            errors: errors)
        let answered = Data("answered \(life)-".utf8)
        _ = try await eventually("\(answers) answers") {
            let ledger = (try? Data(contentsOf: URL(fileURLWithPath: ledger))) ?? Data()
            return Self.occurrences(of: answered, in: ledger) >= answers ? true : nil
        }
        try await end()
        let status = try await client.end()
        #expect(status == 0, "\((try? String(contentsOfFile: errors, encoding: .utf8)) ?? "")")
    }

    /// Keeps what the ledger says now; it can be audited by this name.
    func keepLedger(as name: String) throws {
        try FileManager.default.copyItem(atPath: ledger, toPath: directory.path(name))
    }

    /// Compares the ledger with a server's Maildirs, and waits for what is not delivered yet.
    ///
    /// - Parameters:
    ///   - name: the ledger; by default that of now.
    ///   - patience: how long to wait for what is not there.
    func audit(
        _ server: MartletServer, ledger name: String = "ledger", patience: Duration = patience
    ) async throws -> Audit {
        let result = try await MailTesting.run(
            Tool.require("python3"),
            [
                script("audit.py"), directory.path(name), "\(server.dataDirectory)/mail/\(server.domain)",
                "\(patience.components.seconds)",
            ])
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Audit.self, from: result.standardOutput)
    }

    private static func occurrences(of pattern: Data, in data: Data) -> Int {
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
struct Audit: Decodable, CustomStringConvertible {
    let sent: Int
    let answered: Int
    let refused: [String]
    let lost: [String]
    let torn: [String]
    let duplicates: Int

    var description: String {
        "\(answered) of \(sent) answered, \(refused.count) refused, \(lost.count) lost, \(torn.count) torn, "
            + "\(duplicates) twice"
    }

    func expectNothingLost(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(lost == [], sourceLocation: sourceLocation)
        #expect(torn == [], sourceLocation: sourceLocation)
    }
}
