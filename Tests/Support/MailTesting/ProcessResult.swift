public import Foundation

/// How a program ended, and what it wrote.
public struct ProcessResult: Sendable {
    /// The exit status, or 128 and the signal that ended it, as in a shell.
    public let status: Int32
    public let standardOutput: Data
    public let standardError: Data

    public var output: String { String(decoding: standardOutput, as: UTF8.self) }
    public var errors: String { String(decoding: standardError, as: UTF8.self) }
}

/// Runs a program to its end. Input and output pass through files, so that neither side can block the other.
///
/// - Parameters:
///   - environment: added to this process's own.
///   - directory: where it runs; this process's own by default.
///   - timeout: after that long the program is killed, and the call throws `NeverHappened`.
public func run(
    _ program: String, _ arguments: [String] = [], input: Data = Data(), environment: [String: String] = [:],
    directory: String? = nil, timeout: Duration = patience
) async throws -> ProcessResult {
    let files = try TemporaryDirectory()
    try files.write(input, to: "input")
    let running = try RunningProcess(
        program, arguments, environment: environment, directory: directory, input: files.path("input"),
        output: files.path("output"), errors: files.path("errors"))
    do {
        let status = try await running.end(within: timeout)
        return ProcessResult(
            status: status,
            standardOutput: try Data(contentsOf: files.url.appendingPathComponent("output")),
            standardError: try Data(contentsOf: files.url.appendingPathComponent("errors")))
    } catch {
        running.signal(SIGKILL)
        throw error
    }
}
