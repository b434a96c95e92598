import Foundation
import MailTesting
import Testing

/// Clients that others wrote encrypt their sessions with Martlet.
@Suite(.requires("openssl", "python3")) struct ServerTLSTests {
    private func replace(_ certificate: TestCertificate, by other: TestCertificate) throws {
        for (old, new) in [(certificate.key, other.key), (certificate.certificate, other.certificate)] {
            try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old), options: .atomic)
        }
    }

    @Test func `after STARTTLS everything begins anew, and the certificate is the one that was configured`()
        async throws
    {
        try await TLSServer.with { server, certificate in
            let client = try await TLSClient.run("session", port: server.port)
            #expect(client.answer?.hasPrefix("220 ") == true)
            #expect(client.version == "TLSv1.3")
            let fingerprint = try await certificate.fingerprint()
            #expect(client.fingerprint == fingerprint)
            #expect(client.first?.hasPrefix("503 ") == true, "the EHLO in clear is forgotten: \(client.first ?? "")")
            #expect(client.hello?.contains { $0.hasSuffix("STARTTLS") } == false)
            #expect(client.quit?.hasPrefix("221 ") == true)
        }
    }

    @Test func `commands in clear behind STARTTLS are never answered`() async throws {
        try await TLSServer.with { server, _ in
            let client = try await TLSClient.run("inject", port: server.port)
            #expect(client.answer?.hasPrefix("220 ") == true)
            // The first reply is that to MAIL without EHLO, and not one to what was injected.
            #expect(client.first?.hasPrefix("503 ") == true)
            #expect(client.hello?.first?.hasPrefix("250-mail.example.org greets ") == true)
            #expect(client.quit?.hasPrefix("221 ") == true)
        }
    }

    @Test func `without a certificate STARTTLS is neither offered nor understood`() async throws {
        try await MartletServer.with { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            #expect(try await !client.ask("EHLO c").contains("STARTTLS"))
            #expect(try await client.ask("STARTTLS").hasPrefix("502 "))
        }
    }

    @Test func `with implicit TLS the greeting is encrypted`() async throws {
        try await TLSServer.with(listener: [#"tls = "implicit""#]) { server, certificate in
            let client = try await TLSClient.run("implicit", port: server.port)
            #expect(client.greeting == "220 mail.example.org ESMTP Martlet")
            let fingerprint = try await certificate.fingerprint()
            #expect(client.fingerprint == fingerprint)
            #expect(client.hello?.contains { $0.hasSuffix("STARTTLS") } == false)
        }
    }

    @Test func `an ordinary session with a listener for implicit TLS ends, and the log says why`() async throws {
        try await TLSServer.with(listener: [#"tls = "implicit""#]) { server, _ in
            let client = try RawConnection(port: server.port)
            client.send("EHLO client.example.net\r\n")
            #expect(try await !client.rest().contains("220"))
            _ = try await eventually("the log") { server.log.contains("event=tls-failed") ? true : nil }
        }
    }

    @Test func `each name that a client asks for has its own certificate`() async throws {
        let files = try TemporaryDirectory()
        let other = try await TestCertificate(for: ["*.example.net"], in: files, name: "other")
        let section = """
            [certificate."mx.example.net"]
            certificate = "\(other.certificate)"
            key = "\(other.key)"
            """
        try await TLSServer.with(section) { server, certificate in
            let (first, second) = (try await certificate.fingerprint(), try await other.fingerprint())
            #expect(try await TLSClient.run("session", port: server.port, name: "MX.example.net").fingerprint == second)
            #expect(
                try await TLSClient.run("session", port: server.port, name: "mail.example.org").fingerprint == first)
            #expect(try await TLSClient.run("session", port: server.port, name: "a.example.com").fingerprint == first)
            #expect(try await TLSClient.run("session", port: server.port).fingerprint == first)
        }
    }

    @Test func `a renewed certificate is shown within seconds, and sessions go on`() async throws {
        try await TLSServer.with { server, certificate in
            let old = try RawConnection(port: server.port)
            _ = try await old.reply()
            let files = try TemporaryDirectory()
            let renewed = try await TestCertificate(for: ["mail.example.org"], in: files, name: "renewed")
            let fingerprint = try await renewed.fingerprint()
            try replace(certificate, by: renewed)
            _ = try await eventually("the new certificate", every: .milliseconds(500)) {
                try await TLSClient.run("session", port: server.port).fingerprint == fingerprint ? true : nil
            }
            #expect(try await old.ask("EHLO c").contains("STARTTLS"))
            // One line at the start, one for the renewal; both certificates end in two days.
            let lines = server.log.split(separator: "\n").filter { $0.contains("event=certificate") }
            #expect(lines.count == 2)
            #expect(lines.allSatisfy { $0.contains("level=warning") && $0.contains("names=mail.example.org expires=") })
        }
    }

    @Test func `a certificate that no key fits changes nothing, and is told`() async throws {
        try await TLSServer.with { server, certificate in
            let fingerprint = try await certificate.fingerprint()
            let files = try TemporaryDirectory()
            let other = try await TestCertificate(for: ["mail.example.org"], in: files, name: "other")
            try Data(contentsOf: URL(fileURLWithPath: other.key)).write(to: URL(fileURLWithPath: certificate.key))
            _ = try await eventually("the log") {
                server.log.contains("event=reload-failed") ? true : nil
            }
            try await server.expectLog("the key is not that of the certificate")
            #expect(try await TLSClient.run("session", port: server.port).fingerprint == fingerprint)
        }
    }

    @Test func `a session is resumed with a ticket`() async throws {
        try await TLSServer.with { server, _ in
            let client = try await TLSClient.run("resume", port: server.port)
            #expect(client.reused == [false, true])
        }
    }

    @Test func `an idle encrypted session costs less than 64 KiB`() async throws {
        try await TLSServer.with { server, _ in
            let process = try #require(server.processIdentifier)
            let client = try await TLSClient.run("idle", port: server.port, name: "\(process)")
            #expect(try #require(client.octets) < 64 * 1_024)
        }
    }

    @Test func `nothing older than TLS 1 2 is spoken`() async throws {
        try await TLSServer.with { server, _ in
            let client = try await TLSClient.run("old", port: server.port)
            #expect(client.version == nil && client.error != nil)
        }
    }

    @Test(arguments: ["AES256-GCM-SHA384": false, "ECDHE-RSA-AES256-GCM-SHA384": true, "ECDHE-RSA-AES256-SHA": true])
    func `whoever gets the key later cannot read what went by TLS 1 2`(cipher: String, isSpoken: Bool) async throws {
        try await TLSServer.with(isRSA: true) { server, _ in
            let result = try await run(
                Tool.require("openssl"),
                [
                    "s_client", "-connect", "127.0.0.1:\(server.port)", "-starttls", "smtp", "-tls1_2", "-cipher",
                    cipher,
                ],
                input: Data("QUIT\r\n".utf8))
            #expect((result.status == 0) == isSpoken, "\(result.errors)")
        }
    }

    @Test(.requires("curl"), arguments: [false, true])
    func `curl hands over a message by TLS, and the trace says so`(isImplicit: Bool) async throws {
        let sample = SampleMessage()
        try await TLSServer.with(listener: isImplicit ? [#"tls = "implicit""#] : []) { server, certificate in
            let result = try await run(
                Tool.require("curl"),
                [
                    "--silent", "--show-error", "--ssl-reqd", "--cacert", certificate.certificate, "--connect-to",
                    "mail.example.org::127.0.0.1:\(server.port)",
                    "\(isImplicit ? "smtps" : "smtp")://mail.example.org:\(server.port)/client.example.net",
                    "--mail-from", "you@example.net", "--mail-rcpt", "ann@example.org", "--upload-file", "-",
                ], input: sample.bytes)
            #expect(result.status == 0, "\(result.errors)")
            let message = try await server.message(for: "ann")
            expectIntact(message, sample.bytes)
            let trace = String(decoding: message.prefix(1_000), as: UTF8.self)
            #expect(trace.contains("by mail.example.org with ESMTPS id "), "\(trace)")
            #expect(trace.contains(/\ttls TLS_[A-Z0-9_]+ \(TLSv1.[23]\);/), "\(trace)")
            try await server.expectLog(/event=accepted .* tls="TLSv1.[23] TLS_/)
        }
    }

    @Test(.requires("swaks")) func `swaks hands over a message by TLS`() async throws {
        try await TLSServer.with { server, _ in
            let result = try await run(
                Tool.require("swaks"),
                [
                    "--server", "127.0.0.1:\(server.port)", "--tls", "--from", "you@example.net", "--to",
                    "ann@example.org", "--header", "Subject: By TLS",
                ])
            #expect(result.status == 0, "\(result.output)")
            #expect(String(decoding: try await server.message(for: "ann"), as: UTF8.self).contains("By TLS"))
        }
    }

    @Test func `openssl verifies the certificate for the server's name`() async throws {
        try await TLSServer.with { server, certificate in
            let result = try await run(
                Tool.require("openssl"),
                [
                    "s_client", "-connect", "127.0.0.1:\(server.port)", "-starttls", "smtp", "-CAfile",
                    certificate.certificate, "-verify_hostname", "mail.example.org", "-verify_return_error",
                ], input: Data("QUIT\r\n".utf8))
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("Verify return code: 0 (ok)"), "\(result.output)")
        }
    }
}
