import Foundation
import MailCore
import MailTesting
import QueueCore
import Testing

@testable import Delivery

/// Postfix's test server in its failing modes.
@Suite(.requires("smtp-sink")) struct SmtpSinkTests {
    private func deliver(_ options: String..., transfer: Destination.Transfer = .smtp) async throws -> AgentReport {
        let folder = try TemporaryDirectory()
        let path = folder.path("sink")
        let sink = try RunningProcess(
            Tool.require("smtp-sink"), (geteuid() == 0 ? ["-u", "nobody"] : []) + options + ["unix:\(path)", "10"],
            output: folder.path("output"),
            errors: folder.path("errors"))
        defer { withExtendedLifetime(sink) {} }
        try await eventually("smtp-sink listens") { try Self.isListening(path) ? () : nil }
        return try await RelayBench().deliver(.test("bob", "cid", to: .socket(path: path, transfer)))
    }

    /// Whether connections are taken: the file of a socket is there a moment before.
    private static func isListening(_ path: String) throws -> Bool {
        let accepts = "00010000"
        return try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n").contains {
            $0.hasSuffix(" \(path)") && $0.split(separator: " ")[3] == accepts
        }
    }

    @Test func `takes a message by SMTP and by LMTP`() async throws {
        #expect(try await deliver().actions == [.delivered, .delivered])
        #expect(try await deliver("-L", transfer: .lmtp).actions == [.delivered, .delivered])
        // Without PIPELINING.
        #expect(try await deliver("-p").actions == [.delivered, .delivered])
    }

    @Test(arguments: ["connect", "ehlo", "mail", "rcpt", "data", "."])
    func `refusals keep their class`(command: String) async throws {
        // EHLO refused means that HELO is tried, which this server takes.
        let hard: Outcome.Action = command == "ehlo" ? .delivered : .failed
        #expect(try await deliver("-f", command).actions == [hard, hard])
        #expect(try await deliver("-r", command).actions == [.deferred, .deferred])
    }

    @Test(arguments: ["connect", "ehlo", "mail", "rcpt", "data", "."])
    func `a connection that is lost defers`(command: String) async throws {
        for option in ["-q", "-Q"] {
            let report = try await deliver(option, command)
            #expect(report.actions == [.deferred, .deferred])
            let isInDoubt = command == "." && option == "-q"
            #expect(report.condition == (isInDoubt ? .reachable : .unreachable), "\(option)")
            #expect(report.outcomes[0].diagnostic.contains("may deliver it") == isInDoubt)
        }
    }
}
