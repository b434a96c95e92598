import Foundation
import MailTesting

/// Runs `martlet send` from you@example.net; the text comes from `input` where no argument gives it.
func send(
    _ arguments: [String], to server: MartletServer? = nil, input: Data = Data(), environment: [String: String] = [:]
) async throws -> ProcessResult {
    let via = server.map { ["--via", "smtp://127.0.0.1:\($0.port)"] } ?? []
    return try await run(
        MartletServer.program, ["send", "--from", "you@example.net"] + via + arguments, input: input,
        environment: environment)
}

/// One JSON object of `martlet send --json`.
struct SendLine: Decodable {
    let type: String
    var address, action, status, text, direction, stage: String?
    var sent, transient: Bool?
    var milliseconds: Double?

    static func lines(of result: ProcessResult) throws -> [SendLine] {
        try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(SendLine.self, from: Data($0.utf8))
        }
    }
}
