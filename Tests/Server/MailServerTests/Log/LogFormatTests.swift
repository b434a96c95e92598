import Foundation
import MailCore
import Testing

import struct Logging.Logger

@testable import MailServer

struct LogFormatTests {
    private let time = Timestamp(microseconds: 1_795_291_200_123_000)

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
        #expect(LogFormat.text.line(event) == "20:00:00 accepted qid=1A from=\"a b\" size=7\n")
        #expect(LogFormat.text.line(LogEvent("held", .warning, at: time)) == "20:00:00 WARNING held\n")
    }

    @Test func `logfmt has time, level and event as values too`() {
        let event = LogEvent("refused", .info, at: time, [("code", .number(550)), ("reply", .text("550 No"))])
        #expect(
            LogFormat.logfmt.line(event)
                == "time=2026-11-21T20:00:00.123Z level=info event=refused code=550 reply=\"550 No\"\n")
    }

    @Test func `a quote or backslash of a peer's does not end a value`() {
        func line(_ text: String) -> String { LogFormat.logfmt.line(LogEvent("x", at: time, [("a", .text(text))])) }
        #expect(line(#"x \"#).hasSuffix(#"a="x \\"# + "\"\n"))
        #expect(line(#"" event=y"#).hasSuffix(#"a="\" event=y""# + "\n"))
    }

    @Test(arguments: [LogFormat.text, .json, .logfmt])
    func `whatever a peer writes, one event is one line of printable text`(
        format: LogFormat
    ) {
        for payload in Self.hostile {
            let line = format.line(LogEvent("x", at: time, [("a", .text(payload)), ("b", .number(1))]))
            #expect(line.last == "\n")
            let unsafe = line.unicodeScalars.dropLast().filter(\.isUnsafeInLine)
            #expect(unsafe.isEmpty, "\(payload.debugDescription)")
        }
    }

    @Test func `JSON gives back what was written`() throws {
        for payload in Self.hostile {
            let line = LogFormat.json.line(
                LogEvent("x", .error, at: time, [("a", .text(payload)), ("b", .number(-1))]))
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["a"] as? String == payload)
            #expect(object["b"] as? Int == -1)
            #expect(object["level"] as? String == "error")
            #expect(object["event"] as? String == "x")
        }
    }
}
