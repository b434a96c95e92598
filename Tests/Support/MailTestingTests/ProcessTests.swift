import Foundation
import MailTesting
import Testing

@Suite struct ProcessTests {
    @Test func `what a program writes and its status come back`() async throws {
        let result = try await run("/bin/sh", ["-c", "cat; echo oops >&2; exit 3"], input: Data("in".utf8))
        #expect(result.status == 3)
        #expect(result.output == "in")
        #expect(result.errors == "oops\n")
    }

    @Test func `large input and output at once do not block`() async throws {
        let megabytes = Data(repeating: UInt8(ascii: "x"), count: 4 << 20)
        let result = try await run("/bin/sh", ["-c", "tee /dev/stderr"], input: megabytes)
        #expect(result.standardOutput == megabytes)
        #expect(result.standardError == megabytes)
    }

    @Test func `a program that takes too long is killed`() async throws {
        let directory = try TemporaryDirectory()
        let running = try RunningProcess(
            "/bin/sh", ["-c", "read never"], input: try fifo(in: directory), output: directory.path("out"),
            errors: directory.path("out"))
        await #expect(throws: NeverHappened.self) { try await running.end(within: .milliseconds(20)) }
        running.signal(SIGKILL)
        #expect(try await running.end() == 128 + SIGKILL)
    }

    @Test func `a program hears the signals that it waits for`() async throws {
        let directory = try TemporaryDirectory()
        let output = directory.path("out")
        let running = try RunningProcess(
            "/bin/sh", ["-c", "trap 'exit 7' TERM; echo ready; while read line; do :; done"],
            input: try fifo(in: directory), output: output, errors: output)
        _ = try await eventually("the trap") {
            FileManager.default.contents(atPath: output)?.isEmpty == false ? 1 : nil
        }
        running.signal(SIGTERM)
        #expect(try await running.end() == 7)
    }

    @Test func `environment and folder are the program's own`() async throws {
        let directory = try TemporaryDirectory()
        let result = try await run(
            "/bin/sh", ["-c", "echo $WORD; pwd -P"], environment: ["WORD": "martlet"], directory: directory.path)
        #expect(result.output.hasPrefix("martlet\n"))
        #expect(result.output.hasSuffix("\(directory.url.lastPathComponent)\n"))
    }

    @Test func `a temporary directory goes with its last holder`() throws {
        var directory: TemporaryDirectory? = try TemporaryDirectory()
        let path = try #require(directory?.path)
        try directory?.write(Data("x".utf8), to: "file")
        #expect(FileManager.default.fileExists(atPath: path + "/file"))
        directory = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `what never happens is an error that says what`() async throws {
        let error = await #expect(throws: NeverHappened.self) {
            try await eventually("the moon", timeout: .milliseconds(10)) { nil as Int? }
        }
        #expect(error?.description.contains("the moon") == true)
    }

    @Test func `a missing tool is named with what installs it`() throws {
        #expect(Tool.find("sh") != nil)
        let error = #expect(throws: MissingTool.self) { try Tool.require("no-such-tool") }
        #expect(error?.description.contains("scripts/setup test") == true)
    }

    /// A pipe that is open and says nothing.
    private func fifo(in directory: TemporaryDirectory) throws -> String {
        let path = directory.path("silence")
        try #require(mkfifo(path, 0o600) == 0)
        // Held open for writing until this process ends, so that the reader waits.
        try #require(open(path, O_RDWR | O_CLOEXEC) >= 0)
        return path
    }
}
