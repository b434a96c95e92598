import Foundation
import MailTesting
import Testing

/// However large a file is, it is attached in little memory.
@Suite(.requires("python3")) struct SendLargeTests {
    private static let mebibyte = 1 << 20

    struct Measurement: Decodable {
        let status: Int32
        let octets: Int
        let memory: Int
    }

    @Test func `a file of 200 MiB takes less than 16 MiB more than none`() async throws {
        let small = try await measure(mebibytes: 0)
        let large = try await measure(mebibytes: 200)
        #expect(small.status == 0 && large.status == 0)
        #expect(large.octets > 200 * Self.mebibyte * 4 / 3)
        #expect(large.memory - small.memory < 16 * Self.mebibyte)
    }

    /// The octets of a message with a file of that size, and the most memory that writing it took.
    private func measure(mebibytes: Int) async throws -> Measurement {
        let files = try TemporaryDirectory()
        let path = try files.write(Data(), to: "large.bin")
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(mebibytes * Self.mebibyte))
        let result = try await run(
            Tool.require("python3"),
            [script("measure.py"), MartletServer.program, "send", "--from", "you@example.net", "ann@example.org"]
                + ["--text", "See there", "--attach", path, "--dry-run"])
        return try JSONDecoder().decode(Measurement.self, from: result.standardOutput)
    }
}
