import Foundation
import MailTesting
import Testing

/// A server with a certificate, and what Python's `ssl` says of it.
enum TLSServer {
    /// Runs Martlet with a certificate for `mail.example.org`.
    static func with<Value>(
        _ configuration: String = "", listener: [String] = [], isRSA: Bool = false,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (MartletServer, TestCertificate) async throws -> Value
    ) async throws -> Value {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["mail.example.org"], in: files, isRSA: isRSA)
        let tls = """
            [tls]
            certificate = "\(certificate.certificate)"
            key = "\(certificate.key)"
            \(configuration)
            """
        return try await MartletServer.with(configuration: tls, listener: listener) { server in
            try await body(server, certificate)
        }
    }
}

/// What `tls_client.py` saw.
struct TLSClient: Decodable {
    var version: String?
    var cipher: String?
    var fingerprint: String?
    /// The reply to STARTTLS.
    var answer: String?
    /// The first reply in the encrypted session.
    var first: String?
    var greeting: String?
    var hello: [String]?
    var quit: String?
    var reused: [Bool]?
    var error: String?
    var octets: Int?

    /// Runs it in one of its modes.
    static func run(
        _ mode: String, port: Int, name: String? = nil, isolation: isolated (any Actor)? = #isolation
    ) async throws -> TLSClient {
        let arguments = [script("tls_client.py"), "\(port)", mode] + (name.map { [$0] } ?? [])
        let result = try await MailTesting.run(Tool.require("python3"), arguments)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(TLSClient.self, from: result.standardOutput)
    }
}
