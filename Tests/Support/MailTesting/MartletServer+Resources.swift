import Foundation

extension MartletServer {
    /// The memory of the running server that is in use now, in octets.
    public func residentMemory() throws -> Int { try memory("VmRSS") }

    /// The most memory that the running server ever used, in octets.
    public func peakMemory() throws -> Int { try memory("VmHWM") }

    private func memory(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(try runningProcess())/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        let kibibytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        return (kibibytes ?? 0) * 1_024
    }

    /// The processor time that the running server has used, in seconds.
    public func processorTime() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(try runningProcess())/stat", encoding: .utf8)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The files and connections that the running server has open.
    public func openFiles() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(try runningProcess())/fd").count
    }

    /// Sets how many files and connections the running server may have open.
    public func limitOpenFiles(to count: Int) async throws {
        let arguments = ["--pid", "\(try runningProcess())", "--nofile=\(count):\(count)"]
        let result = try await run(Tool.require("prlimit"), arguments)
        guard result.status == 0 else { throw POSIXError(.EPERM) }
    }

    private func runningProcess() throws -> Int32 {
        guard let identifier = processIdentifier else { throw ServerEnded(status: -1, log: log) }
        return identifier
    }
}
