import NIOCore
import Testing

@testable import SMTPCore

/// What a reader makes of one input: the content up to the end, what is left, and the refusal.
struct ReadContent: Equatable {
    var content = ""
    var ended = false
    var rest = ""
    var code: Int?
}

/// Reads the input behind DATA, given whole and byte by byte, which has to be the same.
func readData(
    _ input: String, limits: ContentLimits = .init(), convertsBareLF: Bool = false, allowsBinary: Bool = false
) -> ReadContent {
    func read(_ pieces: [ByteBuffer]) -> ReadContent {
        var reader = ContentReader(
            framing: .dotStuffed, limits: limits, convertsBareLF: convertsBareLF, allowsBinary: allowsBinary)
        var input = ByteBuffer()
        var result = ReadContent()
        var content: [UInt8] = []
        for var piece in pieces {
            input.writeBuffer(&piece)
            while !result.ended, let event = reader.next(from: &input) {
                if case .piece(let piece) = event { content += piece.readableBytesView } else { result.ended = true }
            }
        }
        result.content = String(decoding: content, as: UTF8.self)
        result.rest = String(buffer: input)
        if result.ended { reader.finish() }
        result.code = reader.inspection.refusal?.code
        return result
    }
    let whole = read([ByteBuffer(string: input)])
    #expect(read(input.utf8.map { ByteBuffer(bytes: [$0]) }) == whole)
    return whole
}

struct ContentReaderTests {
    @Test(arguments: [
        (".\r\n", ""), ("\r\n.\r\n", "\r\n"), ("a\r\n.\r\n", "a\r\n"), ("..\r\n.\r\n", ".\r\n"),
        ("a\r\n..\r\n.\r\n", "a\r\n.\r\n"), ("...\r\n.\r\n", "..\r\n"), (".a\r\n.\r\n", "a\r\n"),
        ("a.\r\n.\r\n", "a.\r\n"), ("a\r\n. \r\n.\r\n", "a\r\n \r\n"), ("a\r\n.b\r\n.\r\n", "a\r\nb\r\n"),
        ("a..b\r\n\r\n..\r\n.\r\n", "a..b\r\n\r\n.\r\n"),
    ])
    func `a line of one dot ends the message, other leading dots are doubled`(input: String, content: String) {
        #expect(readData(input + "QUIT") == ReadContent(content: content, ended: true, rest: "QUIT"))
    }

    @Test(arguments: ["", ".", ".\r", "a", "a\r\n", "a\r\n.", "a\r\n.\r", "a.\r\n", "a\r\n.a\r\n"])
    func `nothing less than CRLF dot CRLF is an end`(input: String) {
        #expect(!readData(input).ended)
    }

    @Test(arguments: [
        "a\rb", "a\r\r\n", "\r\r\n", ".\rb\r\n", ".\r\r\n", "a\n", "a\nb", "\n\n", ".\n", "a\n.\n", "a\n.\r\n",
        "a\r\n.\n", "a\r.\r\n", "a\0b", "\0",
        ".\0\r\n",
    ])
    func `bare CR, bare LF and NUL are read over and refused at the real end`(input: String) {
        let result = readData(input + "\r\n.\r\nNOOP")
        #expect(result.ended)
        #expect(result.rest == "NOOP")
        #expect(result.code == 550)
    }

    @Test(arguments: [
        ("a\nb\r\n.\r\n", "a\r\nb\r\n"), ("a\n\nb\n\r\n.\r\n", "a\r\n\r\nb\r\n\r\n"),
        ("\n.\r\nx\r\n.\r\n", "\r\n.\r\nx\r\n"),
        ("a\n.\nb\r\n.\r\n", "a\r\n.\r\nb\r\n"), ("a\n..\r\n.\r\n", "a\r\n..\r\n"),
        ("a\r\n.\nb\r\n.\r\n", "a\r\n\r\nb\r\n"),
    ])
    func `a converted LF is a line end of the content and never part of an end of data`(input: String, content: String)
    {
        #expect(readData(input, convertsBareLF: true) == ReadContent(content: content, ended: true))
    }

    @Test(arguments: ["a\rb\r\n", "a\0\r\n", "\r\r\n"])
    func `a bare CR and a NUL are refused where LF is converted too`(input: String) {
        #expect(readData(input + ".\r\n", convertsBareLF: true).code == 550)
    }

    @Test func `lines are kept up to the limit`() {
        let limits = ContentLimits(lineLength: 1_000)
        let fits = String(repeating: "x", count: 998) + "\r\n"
        #expect(
            readData("\r\n" + fits + fits + ".\r\n", limits: limits)
                == ReadContent(content: "\r\n" + fits + fits, ended: true))
        #expect(readData("\r\nx" + fits + ".\r\n", limits: limits).code == 550)
    }

    @Test func `a message is refused from one octet over the limit`() {
        let limits = ContentLimits(size: 100)
        let text = "\r\n" + String(repeating: "x", count: 96) + "\r\n"
        #expect(readData(text + ".\r\n", limits: limits).code == nil)
        #expect(readData("x" + text + ".\r\n", limits: limits).code == 552)
    }

    @Test func `the header has limits that the body does not have`() {
        let limits = ContentLimits(headerSize: 200, headerFields: 3)
        let three = "A: 1\r\nB: 2\r\n folded\r\n\tagain\r\nC: 3\r\n"
        let body = String(repeating: "not a field\r\n", count: 100)
        #expect(readData(three + "\r\n" + body + ".\r\n", limits: limits).code == nil)
        #expect(readData(three + "D: 4\r\n\r\n.\r\n", limits: limits).code == 552)
        #expect(readData("A: " + String(repeating: "x", count: 200) + "\r\n\r\n.\r\n", limits: limits).code == 552)
    }

    @Test func `too many Received fields are a loop`() {
        let limits = ContentLimits(receivedHops: 3)
        let hop = "RECEIVED: from a\r\n by b\r\n"
        let three = hop + hop + hop
        #expect(readData(three + "Received-SPF: pass\r\n\r\nReceived: quoted\r\n.\r\n", limits: limits).code == nil)
        #expect(readData(three + hop + "\r\n.\r\n", limits: limits).code == 554)
    }

    @Test func `of several reasons broken framing is told, in whatever order they come`() {
        let limits = ContentLimits(size: 10)
        #expect(readData("a\nb\r\n1234567890\r\n.\r\n", limits: limits).code == 550)
        #expect(readData("1234567890\r\na\nb\r\n.\r\n", limits: limits).code == 550)
    }
}
