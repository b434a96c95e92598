import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// Whether the time that a refusal takes tells who is a user.
    @Suite(.requires("python3")) struct LoginTimingTests {
        /// What `login_timing.py` has measured, in seconds.
        private struct Timing: Decodable {
            var known, unknown: [Double]
            var replies: [String]

            /// The difference of the medians as a part of that of the known users.
            var difference: Double { abs(Self.median(unknown) / Self.median(known) - 1) }

            /// Whether even the fastest answer about nobody took the work of a hash, however busy the machine is.
            var computesHashes: Bool { (unknown.min() ?? 0) > (known.min() ?? 0) / 2 }

            /// Welch's t of the two samples: how sure it is that they differ.
            var t: Double {
                let (first, second) = (Self.moments(known), Self.moments(unknown))
                let error = first.variance / Double(known.count) + second.variance / Double(unknown.count)
                return abs(first.mean - second.mean) / error.squareRoot()
            }

            private static func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

            private static func moments(_ times: [Double]) -> (mean: Double, variance: Double) {
                let mean = times.reduce(0, +) / Double(times.count)
                let squares = times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return (mean, squares / Double(times.count - 1))
            }

            var text: String {
                let numbers = [Self.median(known) * 1_000, Self.median(unknown) * 1_000, difference * 100, t]
                let texts = numbers.map { String(format: "%.2f", $0) }
                return
                    "\(known.count) each, known \(texts[0]) ms, unknown \(texts[1]) ms, apart \(texts[2]) %, t \(texts[3])"
            }
        }

        /// A file of users who all have ann's password.
        private func writeUsers(
            _ count: Int, in files: TemporaryDirectory, isolation: isolated (any Actor)? = #isolation
        )
            async throws -> String
        {
            let users = files.path("users")
            let toml = try files.write(Data("[auth]\nusers_file = \"\(users)\"\n".utf8), to: "m.toml")
            let result = try await run(
                MartletServer.program, ["user", "add", "--config", toml, "ann@example.org"],
                input: Data("secret\n".utf8))
            try #require(result.status == 0, "\(result.errors)")
            let line = try String(contentsOfFile: users, encoding: .utf8)
            let lines = (0..<count).map { line.replacing("ann@example.org", with: "known-\($0)@example.org") }
            return try files.write(Data(lines.joined().utf8), to: "users")
        }

        @Test func `a guess at a user takes as long as one at nobody`() async throws {
            let count = FaultTests.isComplete ? 300 : 20
            let files = try TemporaryDirectory()
            let users = try await writeUsers(count, in: files)
            let configuration = "[auth]\nusers_file = \"\(users)\""
            try await MartletServer.with(configuration: configuration, listener: [#"auth = "clear""#]) { server in
                let result = try await run(
                    Tool.require("python3"), [script("login_timing.py"), "\(server.port)", "\(count)"],
                    timeout: .seconds(600))
                try #require(result.status == 0, "\(result.errors)")
                let timing = try JSONDecoder().decode(Timing.self, from: result.standardOutput)
                #expect(timing.replies == ["535 5.7.8 That user and that secret do not go together"])
                FaultTests.report("guesses at users", timing.text)
                #expect(timing.computesHashes, "\(timing.text)")
                if FaultTests.isComplete {
                    #expect(timing.difference < 0.05, "\(timing.text)")
                    #expect(timing.t < 4.5, "\(timing.text)")
                }
            }
        }
    }
}
