import Foundation
import MailCore
import MailTesting
import Testing

import struct Logging.Logger

@testable import MailServer

struct EventLogTests {
    private func event(_ number: Int, _ level: Logger.Level = .info) -> LogEvent {
        LogEvent("note", level, at: Timestamp(microseconds: 0), [("number", .number(Int64(number)))])
    }

    /// Two ends, to one of which a log writes. No program that another test starts inherits them.
    private func channel() throws -> (reading: FileHandle, writing: FileHandle) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let result = socketpair(AF_UNIX, kind, 0, &ends)
        try #require(result == 0)
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    private func numbers(_ text: String) -> [Int] { text.matches(of: /number=(\d+)/).compactMap { Int($0.1) } }

    @Test func `events are written in order, and closing writes the last of them`() async throws {
        let folder = try TemporaryDirectory()
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write(Data(), to: "log")))
        let log = EventLog(threshold: .info, format: .logfmt, descriptor: file.fileDescriptor)
        for number in 0..<1_000 { log.write(event(number)) }
        await log.close()
        #expect(numbers(try String(contentsOfFile: folder.path("log"), encoding: .utf8)) == Array(0..<1_000))
    }

    @Test func `what is less important than the threshold is not written`() async throws {
        let (reading, writing) = try channel()
        let log = EventLog(threshold: .warning, format: .logfmt, descriptor: writing.fileDescriptor)
        for (number, level) in Logger.Level.allCases.enumerated() { log.write(event(number, level)) }
        await log.close()
        try writing.close()
        #expect(numbers(String(decoding: try reading.readToEnd() ?? Data(), as: UTF8.self)) == [4, 5, 6])
        #expect(!log.writes(.notice))
    }

    @Test func `where nobody reads, events are left out and counted, and nobody waits for the log`() async throws {
        let (reading, writing) = try channel()
        let log = EventLog(threshold: .info, format: .logfmt, descriptor: writing.fileDescriptor)
        for number in 0..<60_000 { log.write(event(number)) }
        let text = Task { try await onThread { String(decoding: try reading.readToEnd() ?? Data(), as: UTF8.self) } }
        await log.close()
        try writing.close()
        let written = try await text.value
        let dropped = written.matches(of: /event=log-lines-dropped count=(\d+)/).compactMap { Int($0.1) }
        #expect(dropped.reduce(0, +) > 0)
        #expect(numbers(written).count + dropped.reduce(0, +) == 60_000)
    }
}
