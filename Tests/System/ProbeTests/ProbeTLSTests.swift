import Foundation
import MailTesting
import Testing

/// What a probe tells of encryption.
@Suite(.requires("openssl")) struct ProbeTLSTests {
    /// Runs the body beside a server with a certificate for localhost, which is its own root.
    private func withServer(
        _ listener: [String] = [], _ body: (MartletServer, TestCertificate) async throws -> Void
    ) async throws {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["localhost"], in: files)
        let tls = "[tls]\ncertificate = \"\(certificate.certificate)\"\nkey = \"\(certificate.key)\""
        try await MartletServer.with(configuration: tls, listener: listener) { try await body($0, certificate) }
    }

    private func probe(_ server: MartletServer, _ arguments: String...) async throws -> ProcessResult {
        try await run(MartletServer.program, ["probe", "localhost:\(server.port)"] + arguments)
    }

    @Test func `the certificates are shown, and whether they are trusted`() async throws {
        try await withServer { server, certificate in
            let fingerprint = try await certificate.fingerprint()
            let trusted = try await probe(server, "--tls-roots", certificate.certificate)
            for text in [
                "tls        TLSv1.3 TLS_", ", trusted for localhost: leads to CN=localhost\n", "0 CN=localhost\n",
                "issued by CN=localhost\n", ", 1 days left\n", "for localhost\n", "sha256:\(fingerprint)\n",
                // Behind it the server is asked anew, and offers what it keeps for those who encrypt.
                "REQUIRETLS",
            ] {
                #expect(trusted.output.contains(text), "\(text) in \(trusted.output)")
            }
            let untrusted = try await probe(server)
            #expect(untrusted.status == 0)
            let reason = "signed by itself, and is none of the roots that are trusted here"
            #expect(untrusted.output.contains(reason), "\(untrusted.output)")
        }
    }

    @Test func `programs read each certificate, and the verdict`() async throws {
        struct Line: Decodable {
            struct TLS: Decodable {
                struct Certificate: Decodable { let subject, sha256: String }
                let version, verdict: String
                let trusted: Bool
                let certificates: [Certificate]
            }
            let tls: TLS?
        }
        try await withServer { server, certificate in
            let result = try await probe(
                server, "--json", "--tls-roots", certificate.certificate, "--sni", "other.example", "--quit-after",
                "tls")
            let lines = try result.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            let tls = try #require(lines.compactMap(\.tls).first)
            #expect(tls.version == "TLSv1.3" && !tls.trusted)
            #expect(tls.verdict == "it is for localhost, not for other.example")
            #expect(tls.certificates.map(\.subject) == ["CN=localhost"])
            #expect(try await tls.certificates[0].sha256 == certificate.fingerprint())
        }
    }

    @Test func `with implicit TLS the banner comes encrypted, and the certificates can be kept`() async throws {
        try await withServer([#"tls = "implicit""#]) { server, certificate in
            let files = try TemporaryDirectory()
            let result = try await probe(
                server, "--tls", "implicit", "--save-certificates", files.path("seen.pem"), "--quit-after", "tls")
            #expect(result.status == 0 && result.output.contains("banner     220 mail.example.org"))
            #expect(result.output.hasSuffix("left after tls, as asked for\n"))
            let seen = try String(contentsOfFile: files.path("seen.pem"), encoding: .utf8)
            #expect(try seen == String(contentsOfFile: certificate.certificate, encoding: .utf8))
        }
    }

    @Test func `a handshake that fails is told, and how to do without`() async throws {
        try await ScriptedRemote.with(RemoteScript(extensions: ["STARTTLS"])) { remote in
            let result = try await run(
                MartletServer.program, ["probe", "localhost:\(remote.port)", "--tls", "implicit"])
            #expect(result.status == 76)
            #expect(result.output.contains("With --tls off it is spoken to in clear."), "\(result.output)")
        }
    }
}
