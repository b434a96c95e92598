import Foundation
import MailTesting
import Testing

/// `sendmail` is started for each message: what makes its start slow is kept out of it. Counted, not timed.
struct SendmailStartTests {
    @Test(.requires("ldd", "nm"))
    func `it loads nothing that is large, and runs no event loop`() async throws {
        let libraries = try await run("/usr/bin/env", ["ldd", SendmailProgram.path]).output
        #expect(libraries.contains("libc.so"))
        for library in ["libFoundation.so", "libFoundationInternationalization", "lib_FoundationICU", "libcurl"] {
            #expect(!libraries.contains(library), "\(library) would be loaded with each message")
        }
        let symbols = try await run("/usr/bin/env", ["nm", SendmailProgram.path]).output
        #expect(symbols.contains("$s12SendmailCore"))
        for module in ["8NIOPosix", "6NIOSSL", "14ArgumentParser", "4GRDB", "10SMTPServer", "9MailSpool"] {
            #expect(!symbols.contains("$s\(module)"), "\(module) is linked")
        }
    }

    @Test(.requires("strace")) func `a message takes few system calls`() async throws {
        try await MartletServer.with { server in
            let sendmail = SendmailProgram(for: server)
            let summary = server.directory.path("calls")
            let result = try await run(
                "/usr/bin/env", ["strace", "-f", "-c", "-o", summary, try SendmailProgram.path, "ann"],
                input: Data("Subject: Counted\n\nHello\n".utf8), environment: sendmail.environment)
            #expect(result.status == 0, "\(result.errors)")
            _ = try await server.message(for: "ann")
            let text = try String(contentsOfFile: summary, encoding: .utf8)
            let total = try #require(text.split(separator: "\n").last { $0.hasSuffix(" total") })
            let calls = try #require(total.split(separator: " ").dropFirst(3).first.flatMap { Int($0) })
            // Most of them load libraries.
            #expect((50..<450).contains(calls), "\(text)")
        }
    }
}
