import Foundation
import MailReports
import MailTesting

/// A report as Python's `email` package reads it: somebody else's opinion.
struct PythonReport: Decodable {
    /// Names and values, in order.
    let header: [[String]]
    let types: [String]
    let text: String
    /// The groups of fields for programs: that of the message, then one for each recipient.
    let groups: [[[String]]]
    let returned: String
    let defects: [String]

    subscript(name: String) -> String? { header.first { $0[0] == name }?[1] }

    /// A field of the message's group, or of that of the recipient with this number.
    func field(_ name: String, of recipient: Int? = nil) -> String? {
        groups[recipient.map { $0 + 1 } ?? 0].first { $0[0] == name }?[1]
    }

    static func read(_ reports: DeliveryReport...) async throws -> [PythonReport] { try await read(reports) }

    static func read(_ reports: [DeliveryReport]) async throws -> [PythonReport] {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let script = tests.appendingPathComponent("System/Clients/report.py")
        let input = try JSONEncoder().encode(reports.map { Data($0.bytes) })
        let result = try await run(Tool.require("python3"), [script.path], input: input)
        return try JSONDecoder().decode([PythonReport].self, from: result.standardOutput)
    }
}
