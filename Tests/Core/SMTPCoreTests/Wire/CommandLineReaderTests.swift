import NIOCore
import Testing

@testable import SMTPCore

struct CommandLineReaderTests {
    /// What comes of the input, given whole and byte by byte.
    private func events(_ input: String, limit: Int = 64) -> [CommandLineReader.Event] {
        let whole = read([ByteBuffer(string: input)], limit: limit)
        let single = read(input.utf8.map { ByteBuffer(bytes: [$0]) }, limit: limit)
        #expect(whole == single)
        return whole
    }

    private func read(_ pieces: [ByteBuffer], limit: Int) -> [CommandLineReader.Event] {
        var reader = CommandLineReader()
        var input = ByteBuffer()
        var events: [CommandLineReader.Event] = []
        for var piece in pieces {
            input.writeBuffer(&piece)
            while let event = reader.next(from: &input, limit: limit) { events.append(event) }
        }
        return events
    }

    private func line(_ text: String) -> CommandLineReader.Event { .line(Array(text.utf8)) }

    @Test func `CRLF ends a line, and nothing else does`() {
        #expect(events("NOOP\r\nQUIT\r\n") == [line("NOOP"), line("QUIT")])
        #expect(events("\r\n\r\n") == [line(""), line("")])
        #expect(events("NOOP\rQUIT\r\n") == [line("NOOP\rQUIT")])
        #expect(events("NOOP\r\r\n") == [line("NOOP\r")])
        #expect(events("NOOP") == [])
    }

    @Test func `what stands behind a bare LF is no second command`() {
        #expect(events("MAIL\nRSET\r\nNOOP\r\n") == [.bareLineFeed, line("NOOP")])
        #expect(events("\nRSET\r\nNOOP\r\n") == [.bareLineFeed, line("NOOP")])
        #expect(events("A\nB\nC\r\nNOOP\r\n") == [.bareLineFeed, .bareLineFeed, line("NOOP")])
        #expect(events("A\n\r\nNOOP\r\n") == [.bareLineFeed, line("NOOP")])
    }

    @Test func `a line counts with its CRLF`() {
        let fits = String(repeating: "a", count: 62)
        #expect(events(fits + "\r\nNOOP\r\n") == [line(fits), line("NOOP")])
        #expect(events(fits + "a\r\nNOOP\r\n") == [.tooLong, line("NOOP")])
        #expect(events(String(repeating: "a", count: 5_000) + "\r\nNOOP\r\n") == [.tooLong, line("NOOP")])
    }

    @Test func `a line that never ends is given up`() {
        let endless = String(repeating: "a", count: 64 + CommandLineReader.skipLimit)
        #expect(events(endless) == [.tooLong])
        #expect(events(endless + "a") == [.tooLong, .endless])
    }
}
