import Foundation
import MailTesting
import Testing

/// `martlet probe` logs in, and reaches servers that have no host.
@Suite(.requires("openssl")) struct ProbeLoginTests {
    private let files: TemporaryDirectory

    init() throws {
        files = try TemporaryDirectory()
        try files.write(Data("ann:{PLAIN}geheim\n".utf8), to: "users")
        try files.write(Data("geheim\n".utf8), to: "right")
        try files.write(Data("guess\n".utf8), to: "wrong")
    }

    /// Probes a server at which ann can log in.
    private func probe(_ arguments: String..., password: String = "right") async throws -> ProcessResult {
        let configuration = "[auth]\nusers_file = \"\(files.path("users"))\""
        return try await TLSServer.with(configuration, listener: [#"auth = "tls""#]) { server, _ in
            try await run(
                MartletServer.program,
                ["probe", "localhost:\(server.port)", "--password-file", files.path(password), "--dialogue"] + arguments
            )
        }
    }

    @Test(arguments: ["LOGIN", "plain"]) func `a mechanism that is named is spoken, and shows no secret`(
        mechanism: String
    ) async throws {
        let result = try await probe("--user", "ann", "--auth", mechanism, "--quit-after", "auth")
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("login      ann by \(mechanism.uppercased()): 235 2.7.0 "), "\(result.output)")
        let secrets = [
            "geheim", Data("geheim".utf8).base64EncodedString(), Data("\0ann\0geheim".utf8).base64EncodedString(),
        ]
        for secret in secrets { #expect(!result.output.contains(secret)) }
        #expect(result.output.contains("[secret]"))
        #expect(!result.output.contains(/334 [^\[]/) && !result.output.contains(/235 2.7.0 [^\[]/), "\(result.output)")
    }

    @Test func `who logs in by a certificate needs no password`() async throws {
        try await ScriptedRemote.with { remote in
            let result = try await run(
                MartletServer.program,
                ["probe", "localhost:\(remote.port)", "--auth", "EXTERNAL", "--no-relay-check"])
            #expect(result.status == 69 && result.output.contains("EXTERNAL is not offered here"), "\(result.output)")
        }
    }

    @Test func `a wrong password is a refusal`() async throws {
        let result = try await probe("--user", "ann", "--auth", "PLAIN", password: "wrong")
        #expect(result.status == 69 && result.output.contains("535 5.7.8 "), "\(result.output)")
    }

    @Test func `a mechanism that is not offered is not tried`() async throws {
        let result = try await probe("--user", "ann", "--auth", "CRAM-MD5")
        #expect(result.status == 69 && result.output.contains("CRAM-MD5 is not offered here"))
        #expect(!result.output.contains("AUTH CRAM-MD5"))
    }

    @Test func `a version of TLS that the server does not speak is told of`() async throws {
        let result = try await probe("--user", "ann", "--tls-min", "1.3", "--quit-after", "tls")
        #expect(result.status == 0 && result.output.contains("TLSv1.3"))
        let wrong = try await run(MartletServer.program, ["probe", "localhost", "--tls-min", "2.0"])
        #expect(wrong.status == 64 && wrong.errors.contains("there is no TLS '2.0'"))
    }

    @Test(.requires("python3")) func `a server that asks for a certificate is shown one`() async throws {
        let certificate = try await TestCertificate(for: ["localhost"], in: files)
        let (port, output) = (try LoopbackListener.freePort(), files.path("subject"))
        let server = try RunningProcess(
            Tool.require("python3"),
            [script("tls_client_certificate.py"), "\(port)", certificate.certificate, certificate.key],
            output: output, errors: files.path("errors"))
        let text = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
        _ = try await eventually("the server") { text().contains("ready") ? true : nil }
        let result = try await run(
            MartletServer.program,
            [
                "probe", "localhost:\(port)", "--tls", "implicit", "--tls-cert", certificate.certificate, "--tls-key",
                certificate.key, "--quit-after", "banner",
            ])
        #expect(result.status == 0, "\(result.output)")
        #expect(try await server.end() == 0)
        #expect(text().contains("localhost"))
    }

    @Test func `a server on a socket or in a program of this machine is probed like any other`() async throws {
        let script =
            "printf '220 pipe.example ready\\r\\n'; read hello; printf '250 pipe.example\\r\\n'; read quit; "
            + "printf '221 bye\\r\\n'"
        let result = try await run(MartletServer.program, ["probe", "--pipe", script, "--no-relay-check"])
        #expect(result.status == 0, "\(result.output)")
        #expect(
            result.output.contains("banner     220 pipe.example ready") && result.output.contains("quit       221 bye"))
        let none = try await run(MartletServer.program, ["probe", "--unix", files.path("socket")])
        #expect(none.status == 75 && none.output.contains("No such file"))
        for arguments in [[], ["--unix", "/a", "--pipe", "b"], ["localhost", "--pipe", "b"]] {
            #expect(try await run(MartletServer.program, ["probe"] + arguments).status == 64)
        }
    }
}
