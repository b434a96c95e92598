import Foundation

/// A Web server on a port of the loopback: Python's, with the answers of `web.py`.
public final class WebServer: Sendable {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../System/Clients/web.py").standardizedFileURL.path

    public let port: Int
    private let process: RunningProcess
    private let files: TemporaryDirectory
    private let output: String

    /// - Parameter certificate: with which it speaks `https`; nil for one in clear.
    public init(certificate: TestCertificate? = nil, isolation: isolated (any Actor)? = #isolation) async throws {
        files = try TemporaryDirectory()
        output = files.path("asked")
        process = try RunningProcess(
            Tool.require("python3"),
            [Self.script] + (certificate.map { [$0.certificate, $0.key] } ?? []),
            output: output, errors: files.path("errors"))
        let output = output
        port = try await eventually("the port of the Web server") {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            return text.contains("\n") ? Int(text.prefix { $0 != "\n" }) : nil
        }
    }

    /// What it was asked: a line for each question, with its path and its body.
    public var asked: [String] {
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().map(String.init)
    }
}
