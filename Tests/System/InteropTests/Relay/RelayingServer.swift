import Foundation
import MailTesting
import Testing

/// What the tests of relaying share: a server whose mail for others goes to one next hop, and is soon tried again.
enum RelayingServer {
    /// A destination that could not be reached rests for half a minute before it is tried again.
    static let patience = Duration.seconds(150)

    /// Runs Martlet with this route for all mail that is not local.
    static func with(
        route: String, _ more: String = "", isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer) async throws -> Void
    ) async throws {
        let configuration = """
            [retry]
            first = "1 s"
            longest = "1 s"
            [route.default]
            to = "\(route)"
            \(more)
            """
        try await MartletServer.with(configuration: configuration, body)
    }

    /// Hands in a message with curl.
    static func submit(
        _ message: Data, to recipients: [String], from sender: String = "ann@example.org", at server: MartletServer
    ) async throws {
        let result = try await run(
            Tool.require("curl"),
            [
                "--silent", "--show-error", "smtp://127.0.0.1:\(server.port)/client.example.net", "--mail-from",
                sender, "--upload-file", "-",
            ] + recipients.flatMap { ["--mail-rcpt", $0] }, input: message)
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Waits until nothing is left in the queue.
    static func expectEmptyQueue(
        _ server: MartletServer, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let arguments = ["queue", "count", "--config", server.configurationPath]
        let isEmpty = try await eventually("an empty queue", timeout: patience, every: .milliseconds(500)) {
            try await run(MartletServer.program, arguments).output == "0\n" ? true : nil
        }
        #expect(isEmpty, sourceLocation: sourceLocation)
    }

    /// Waits for the one report that the sender gets.
    static func report(to user: String, at server: MartletServer) async throws -> PythonReport {
        let messages = try await server.messages(for: user, count: 1, timeout: patience)
        let report = try await PythonReport.read(messages[0])
        #expect(messages.count == 1)
        #expect(report.type == "multipart/report" && report.reportType == "delivery-status")
        #expect(report.parts.prefix(2) == ["text/plain", "message/delivery-status"])
        #expect(report.parts.dropFirst(2).allSatisfy { ["message/rfc822", "text/rfc822-headers"].contains($0) })
        #expect(report.returnPath == "<>" && report.autoSubmitted == "auto-replied")
        #expect(report.message["reporting-mta"] == "dns; mail.example.org")
        #expect(report.defects == [])
        return report
    }
}
