import Foundation
import MailTesting

/// A delivery report as Python's `email` package reads it (RFC 3464).
struct PythonReport: Decodable {
    let type: String
    let reportType: String
    /// The types of its parts.
    let parts: [String]
    let to: String
    let returnPath: String
    let autoSubmitted: String
    /// What it says to a person.
    let text: String
    /// The fields about the message; their names in lower case, as those about recipients.
    let message: [String: String]
    /// The fields about each recipient.
    let recipients: [[String: String]]
    let defects: [String]

    static func read(_ message: Data) async throws -> PythonReport {
        let result = try await run(Tool.require("python3"), [script("delivery_report.py")], input: message)
        return try JSONDecoder().decode(PythonReport.self, from: result.standardOutput)
    }
}
