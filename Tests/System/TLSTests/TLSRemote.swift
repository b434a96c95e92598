import Foundation
import MailTesting
import Testing

/// `tls_remote.py` at work: a server that treats STARTTLS as its mode says.
final class TLSRemote {
    /// What it says of a message it took.
    struct Message: Decodable {
        /// The version of TLS; nil for a message that came in clear.
        let tls: String?
        /// The name that the client asked for.
        let sni: String?
        let mail: String
    }

    let port: Int
    private let process: RunningProcess
    private let output: String
    private let files: TemporaryDirectory

    init(
        _ mode: String, _ certificate: TestCertificate, isolation: isolated (any Actor)? = #isolation
    ) async throws {
        let files = try TemporaryDirectory()
        let output = files.path("output")
        process = try RunningProcess(
            Tool.require("python3"), [script("tls_remote.py"), mode, certificate.certificate, certificate.key],
            output: output, errors: files.path("errors"))
        port = try await eventually("the remote's port") { Self.lines(of: output).first.flatMap { Int($0) } }
        (self.files, self.output) = (files, output)
    }

    /// The messages it took so far.
    var messages: [Message] {
        Self.lines(of: output).dropFirst().compactMap { line in
            try? JSONDecoder().decode(Message.self, from: Data(line.utf8))
        }
    }

    private static func lines(of path: String) -> [Substring] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: true)
    }
}
