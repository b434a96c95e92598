import Foundation
import MailTesting
import Testing

/// Runs `martlet probe` on a server of this process, without asking DNS for more than its address.
func probe(_ remote: ScriptedRemote, _ arguments: String..., environment: [String: String] = [:]) async throws
    -> ProcessResult
{
    try await run(
        MartletServer.program, ["probe", "localhost:\(remote.port)"] + arguments, environment: environment)
}

/// One JSON object of `martlet probe --json`.
struct ProbeLine: Decodable {
    let type: String
    var step, verdict, text, stage, replyStatus, direction: String?
    var lines: [String]?
    var replyCode, exitCode: Int?
    var milliseconds: Double?
    var extensions: [String: [String]]?

    static func lines(of result: ProcessResult) throws -> [ProbeLine] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try result.output.split(separator: "\n").map {
            try decoder.decode(ProbeLine.self, from: Data($0.utf8))
        }
    }
}

extension ScriptedRemote {
    /// Runs the body beside a remote with this script, and gives it the remote.
    static func with(_ script: RemoteScript = RemoteScript(), _ body: (ScriptedRemote) async throws -> Void)
        async throws
    {
        let remote = try ScriptedRemote(script)
        try await remote.start()
        try await body(remote)
        try await remote.stop()
    }

    /// The commands of the first session, once it has as many.
    func commands(_ count: Int) async throws -> [String] {
        try await eventually("\(count) commands") {
            let lines = self.transcripts.first?.split(separator: "\n").filter { $0.hasPrefix("C: ") } ?? []
            return lines.count >= count ? lines.map { String($0.dropFirst(3)) } : nil
        }
    }
}
