import SendmailCore
import Testing

struct MessageLinesTests {
    /// What comes of `text`, given in pieces of `size` octets.
    private func lines(_ text: String, endsAtDot: Bool = true, size: Int = .max) -> String {
        var lines = MessageLines(endsAtDot: endsAtDot)
        var output: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            Array(rest.prefix(size)).withUnsafeBytes { lines.take($0, into: &output) }
            rest = rest.dropFirst(size)
        }
        lines.finish(into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: ["a\nb\n", "a\r\nb\r\n", "a\r\r\nb\r\r\n", "a\nb\r\n", "a\nb", "a\nb\r"])
    func `every end of a line becomes CRLF`(_ text: String) {
        #expect(lines(text) == "a\r\nb\r\n")
    }

    @Test func `however the input is cut, the same comes of it`() {
        let text = "a: b\r\rc\n\n.x\n..y\nz\rw\r\n\0\r\r\nlast\n.\nbehind"
        for size in 1...text.utf8.count { #expect(lines(text, size: size) == lines(text)) }
    }

    @Test func `a line with a single dot ends the message, unless that was switched off`() {
        #expect(lines("\na\n.\nb\n") == "\r\na\r\n")
        #expect(lines("\na\n.\nb\n", endsAtDot: false) == "\r\na\r\n.\r\nb\r\n")
        #expect(lines("\na.\n.b\n. \n") == "\r\na.\r\n.b\r\n. \r\n")
    }

    @Test func `where a dot ends, a doubled one stands for one`() {
        #expect(lines("\n..a\n") == "\r\n.a\r\n")
        #expect(lines("\n..a\n", endsAtDot: false) == "\r\n..a\r\n")
    }

    @Test func `a bare CR makes no field of the header, and a line in the body`() {
        #expect(lines("Subject: x\rBcc: eve@x.example\n\na\rb\n") == "Subject: x Bcc: eve@x.example\r\n\r\na\r\nb\r\n")
    }

    @Test func `NULs are left out, and counted`() {
        var lines = MessageLines(endsAtDot: true)
        var output: [UInt8] = []
        Array("a\0b\0\n".utf8).withUnsafeBytes { lines.take($0, into: &output) }
        #expect(output == Array("ab\r\n".utf8))
        #expect(lines.nuls == 2)
    }

    @Test func `lines are cut at 998 octets, and go on with a blank`() {
        let text = lines(String(repeating: "x", count: 3_000))
        let all = text.split(separator: "\r\n")
        #expect(all.map(\.utf8.count).max() == 998)
        #expect(all.dropFirst().allSatisfy { $0.hasPrefix(" ") })
        #expect(text.filter { $0 == "x" }.count == 3_000)
        #expect(lines(String(repeating: "x", count: 998) + "\n").utf8.count == 1_000)
    }

    @Test(arguments: [("a", false), ("ä", true)]) func `octets beyond ASCII are seen`(_ text: String, _ expected: Bool)
    {
        var lines = MessageLines(endsAtDot: true)
        var output: [UInt8] = []
        Array(text.utf8).withUnsafeBytes { lines.take($0, into: &output) }
        #expect(lines.hasEightBit == expected)
    }
}
