import Foundation
import MailCore
import Testing

import struct Logging.Logger

@testable import MailServer

struct LogFormatTests {
    private let time = Timestamp(microseconds: 1_795_291_200_123_000)

    private func line(_ format: LogFormat, _ event: LogEvent) -> String {
        String(decoding: format.lines([event]), as: UTF8.self)
    }

    /// What peers write to break a log: line ends of all kinds, commands for terminals, quotes, turned directions.
    private static let hostile: [String] = [
        "a\nb", "a\r\nb", "\n", "\r", "a\u{b}b", "a\u{c}b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "\u{0}",
        "\u{1b}[2J",
        "\u{1b}]0;title\u{7}", "\u{9b}31m", "\u{7f}", "\u{8}\u{8}", "\t", "\u{202e}gpj.exe", "\u{2066}x\u{2069}",
        "\u{200f}x", "\u{61c}x", "\"", "\\", "\\\"", "x\\", "x \\", "\" event=\"accepted", "a b", "a=b", "=", "", " ",
        "to=<x@y> event=delivered", "\"}\n{\"event\":\"accepted", "\",\"event\":\"accepted", "{}", "[]", "null",
        "\u{fc}",
        "\u{1f600}", String(repeating: "\u{1b}", count: 1_000), "\u{fffd}", "%s%n", "\\u{a}", "\\n", "'", "`reboot`",
    ]

    @Test func `for people a line has the time of day, the event and its values`() {
        let event = LogEvent(
            "accepted", at: time, [("qid", .text("1A")), ("from", .text("a b")), ("size", .number(7))])
        #expect(line(.text, event) == "20:00:00 accepted qid=1A from=\"a b\" size=7\n")
        #expect(line(.text, LogEvent("held", .warning, at: time)) == "20:00:00 WARNING held\n")
    }

    @Test func `logfmt has time, level and event as values too`() {
        let event = LogEvent("refused", .info, at: time, [("code", .number(550)), ("reply", .text("550 No"))])
        #expect(
            line(.logfmt, event)
                == "time=2026-11-21T20:00:00.123Z level=info event=refused code=550 reply=\"550 No\"\n")
    }

    @Test func `each event has its own time, in whatever order they come`() {
        let times = [0, 1, 999, 1_000, 61_001, 60_999, -1, -1_000, -1_001].map {
            Timestamp(microseconds: time.microseconds / 1_000_000 * 1_000_000 + $0 * 1_000)
        }
        let lines = LogFormat.logfmt.lines(times.map { LogEvent("x", at: $0) })
        let expected = times.map { "time=\($0) level=info event=x\n" }.joined()
        #expect(String(decoding: lines, as: UTF8.self) == expected)
        let first = Timestamp(microseconds: -1)
        #expect(line(.logfmt, LogEvent("x", at: first)) == "time=\(first) level=info event=x\n")
    }

    @Test func `a quote or backslash of a peer's does not end a value`() {
        func value(_ text: String) -> String { line(.logfmt, LogEvent("x", at: time, [("a", .text(text))])) }
        #expect(value(#"x \"#).hasSuffix(#"a="x \\"# + "\"\n"))
        #expect(value(#"" event=y"#).hasSuffix(#"a="\" event=y""# + "\n"))
    }

    @Test(arguments: [LogFormat.text, .json, .logfmt])
    func `whatever a peer writes, one event is one line of printable text`(
        format: LogFormat
    ) {
        for payload in Self.hostile {
            let line = line(format, LogEvent("x", at: time, [("a", .text(payload)), ("b", .number(1))]))
            #expect(line.last == "\n")
            let unsafe = line.unicodeScalars.dropLast().filter(\.isUnsafeInLine)
            #expect(unsafe.isEmpty, "\(payload.debugDescription)")
        }
    }

    @Test func `JSON gives back what was written`() throws {
        for payload in Self.hostile {
            let line = line(
                .json,
                LogEvent("x", .error, at: time, [("a", .text(payload)), ("b", .number(-1))]))
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["a"] as? String == payload)
            #expect(object["b"] as? Int == -1)
            #expect(object["level"] as? String == "error")
            #expect(object["event"] as? String == "x")
        }
    }
}
