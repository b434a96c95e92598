import Foundation
import LocalMail
import MailCore
import MailTesting
import NIOCore
import QueueCore
import Synchronization
import Testing

struct ProgramAgentTests {
    private func run(
        _ script: String, arguments: [String] = [], environment: [String] = [], body: MessageContent.Body? = nil,
        timeLimit: Duration = patience
    ) -> Outcome {
        ProgramAgent().deliver(
            delivery(script, arguments, environment, body ?? .memory(ByteBuffer(string: "Hello.\r\n")), timeLimit))
    }

    private func delivery(
        _ script: String, _ arguments: [String], _ environment: [String], _ body: MessageContent.Body,
        _ timeLimit: Duration
    ) -> ProgramDelivery {
        ProgramDelivery(
            path: "/bin/sh", arguments: ["-c", script] + arguments, environment: environment,
            content: MessageContent(prefix: ByteBuffer(string: "A: b\r\n\r\n"), body: body), timeLimit: timeLimit)
    }

    @Test func `a program reads the message, and what it says is the diagnostic`() {
        let outcome = run("cat; echo done >&2")
        #expect(outcome.action == .delivered)
        #expect(outcome.diagnostic == "exit status 0: A: b Hello. done")
    }

    @Test func `arguments and environment come as they are, and nothing else does`() {
        let outcome = run("echo \"$0|$SENDER|$HOME|$(pwd)\"", arguments: ["$(id); `id`"], environment: ["SENDER=a;b@c"])
        #expect(outcome.diagnostic == "exit status 0: $(id); `id`|a;b@c||/")
    }

    @Test(arguments: [
        (0, Outcome.Action.delivered, "2.0.0"), (65, .failed, "5.6.0"), (67, .failed, "5.1.1"), (77, .failed, "5.7.0"),
        (75, .deferred, "4.3.0"), (78, .deferred, "4.3.5"), (1, .deferred, "4.3.0"), (127, .deferred, "4.3.0"),
    ])
    func `the exit status decides`(code: Int, action: Outcome.Action, status: String) {
        let outcome = run("cat >/dev/null; exit \(code)")
        #expect(outcome.action == action && "\(outcome.status)" == status)
    }

    @Test func `a program that is killed, or is not there, is tried again`() {
        let killed = run("kill -9 $$")
        #expect(killed.action == .deferred && killed.diagnostic.contains("signal 9"))
        let missing = ProgramAgent().deliver(
            ProgramDelivery(path: "/nonexistent", content: MessageContent(prefix: ByteBuffer(), body: .memory(.init())))
        )
        #expect(missing.action == .deferred && missing.diagnostic.contains("No such file"))
    }

    @Test func `a message that is not read to its end does no harm`() {
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(run("exec <&-; exit 0", body: .memory(body)).action == .delivered)
    }

    @Test func `a large message comes whole from its file`() throws {
        let path = NSTemporaryDirectory() + "program-\(UUID().uuidString)"
        try Data(repeating: UInt8(ascii: "x"), count: 300_000).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = run("wc -c", body: .file(path: path, offset: 100, length: 299_000))
        #expect(outcome.diagnostic == "exit status 0: 299008")
    }

    @Test func `of much output the last is kept`() {
        let outcome = run("cat >/dev/null; head -c 100000 /dev/zero | tr '\\0' a; echo; echo the end")
        #expect(outcome.diagnostic.utf8.count < 1_100 && outcome.diagnostic.hasSuffix("a the end"))
    }

    @Test func `at the time limit the program dies with its children`() async throws {
        let path = NSTemporaryDirectory() + "program-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try await onThread {
            run("sleep 1000 & echo $! >\(path); wait", timeLimit: .seconds(5))
        }
        #expect(outcome.action == .deferred && outcome.diagnostic.contains("time limit"))
        let child = try #require(pid_t(try String(contentsOfFile: path, encoding: .utf8).dropLast()))
        try await eventually("the child is gone, or nobody has waited for it yet") {
            let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            return state.map { $0.contains(") Z") || $0.contains(") X") } ?? true ? () : nil
        }
    }

    @Test func `whoever cancels does not wait`() {
        let asked = Mutex(0)
        let outcome = ProgramAgent().deliver(
            delivery("sleep 1000", [], [], .memory(ByteBuffer()), .seconds(1_000)),
            isCancelled: {
                asked.withLock {
                    $0 += 1
                    return $0 > 2
                }
            })
        #expect(outcome.action == .deferred && outcome.diagnostic.contains("stopped"))
    }
}
