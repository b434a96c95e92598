import Foundation
import MailTesting

/// A message as Python's `email` package reads it: somebody else's opinion.
struct PythonMail: Decodable {
    let subject: String
    let text: String
    let attachments: [Data]

    static func read(_ message: Data) async throws -> PythonMail {
        let result = try await run(Tool.require("python3"), [script("read.py")], input: message)
        return try JSONDecoder().decode(PythonMail.self, from: result.standardOutput)
    }
}

/// The path of a program in `Clients`.
func script(_ name: String) -> String { source("Clients/\(name)") }

/// The path of a file that lies with the tests and is none of them.
func source(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name).path
}
