import Foundation
import MailTesting
import Testing

/// `martlet send` to servers that encrypt.
@Suite(.requires("openssl", "python3")) struct SendTLSTests {
    private func send(
        to way: String, configuration: String = "", options: [String] = []
    ) async throws -> ProcessResult {
        let files = try TemporaryDirectory()
        try files.write(Data(configuration.utf8), to: "client.toml")
        return try await run(
            MartletServer.program,
            [
                "send", "--via", way, "--config", files.path("client.toml"), "--from", "you@example.net", "--to",
                "ann@example.org", "--subject", "By TLS", "--text", "Hello", "--dialogue",
            ] + options)
    }

    @Test func `what goes by smtps is sent to a server with a trusted certificate, and to no other`() async throws {
        let files = try TemporaryDirectory()
        let certificate = try await TestCertificate(for: ["localhost"], in: files)
        let tls = "[tls]\ncertificate = \"\(certificate.certificate)\"\nkey = \"\(certificate.key)\""
        try await MartletServer.with(configuration: tls, listener: [#"tls = "implicit""#]) { server in
            let way = "smtps://localhost:\(server.port)"
            let refused = try await send(to: way)
            #expect(refused.status != 0)
            #expect(refused.errors.contains("certificate verify failed"), "\(refused.errors)")
            let roots = "[tls]\nroots = \"\(certificate.certificate)\""
            let wrongName = try await send(to: "smtps://127.0.0.1:\(server.port)", configuration: roots)
            #expect(wrongName.status != 0)
            let sent = try await send(to: way, configuration: roots)
            #expect(sent.status == 0, "\(sent.errors)")
            #expect(String(decoding: try await server.message(for: "ann"), as: UTF8.self).contains("with ESMTPS id"))
            #expect(server.log.split(separator: "\n").count { $0.contains("event=accepted") } == 1)
        }
    }

    @Test func `with --tls-roots the certificate is checked, after STARTTLS too`() async throws {
        let (files, otherFiles) = (try TemporaryDirectory(), try TemporaryDirectory())
        let certificate = try await TestCertificate(for: ["localhost"], in: files)
        let other = try await TestCertificate(for: ["localhost"], in: otherFiles)
        let tls = "[tls]\ncertificate = \"\(certificate.certificate)\"\nkey = \"\(certificate.key)\""
        try await MartletServer.with(configuration: tls, listener: [#"tls = "starttls""#]) { server in
            let way = "smtp://localhost:\(server.port)"
            #expect(try await send(to: way).status == 0, "without it nothing is checked")
            #expect(try await send(to: way, options: ["--tls-roots", other.certificate]).status == 76)
            let sent = try await send(to: way, options: ["--tls-roots", certificate.certificate])
            #expect(sent.status == 0, "\(sent.errors)")
            let unnamed = try await send(to: "mx", options: ["--tls-roots", certificate.certificate])
            #expect(unnamed.status == 64)
            #expect(try await send(to: way, options: ["--tls-roots", certificate.key]).status == 65)
        }
        try await MartletServer.with { server in
            let way = "smtp://localhost:\(server.port)"
            let clear = try await send(to: way, options: ["--tls-roots", certificate.certificate])
            #expect(clear.status == 76, "\(clear.errors)")
        }
    }

    @Test func `the dialogue shows version, cipher suite and certificate`() async throws {
        try await TLSServer.with { server, certificate in
            let sent = try await send(to: "smtp://127.0.0.1:\(server.port)")
            #expect(sent.status == 0, "\(sent.errors)")
            let fingerprint = try await certificate.fingerprint()
            let text = sent.output + sent.errors
            #expect(text.contains("> STARTTLS"), "\(text)")
            #expect(text.contains(/\[TLSv1\.3 TLS_[A-Z0-9_]+, certificate for mail\.example\.org/), "\(text)")
            #expect(text.contains("(not verified), sha256:\(fingerprint)]"), "\(text)")
        }
    }
}
