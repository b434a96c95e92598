import MailCore
import NIOCore
import SMTPCore
import Testing

@Suite struct ReplyParserTests {
    static let replies: [(String, SMTPReply)] = [
        ("250 2.1.0 Sender accepted\r\n", SMTPReply(250, EnhancedStatusCode(.success, 1, 0), "Sender accepted")),
        ("250\r\n", SMTPReply(250, "")), ("250 \r\n", SMTPReply(250, "")),
        ("354 go on\n", SMTPReply(354, "go on")),
        ("250-\r\n250\r\n", SMTPReply(250, lines: ["", ""])),
        ("250-one\r\n250-two\n250 three\r\n", SMTPReply(250, lines: ["one", "two", "three"])),
        (
            "550-5.1.1 No such\r\n550 5.1.1 user\r\n",
            SMTPReply(550, EnhancedStatusCode(.permanentFailure, 1, 1), lines: ["No such", "user"])
        ),
        // A status of another class than the reply's, or none at all, is text.
        ("250 5.1.1 odd\r\n", SMTPReply(250, "5.1.1 odd")), ("250 2.1 odd\r\n", SMTPReply(250, "2.1 odd")),
        ("250 2.1.0\r\n", SMTPReply(250, EnhancedStatusCode(.success, 1, 0), "")),
    ]

    @Test(arguments: replies)
    func readsWhatServersWrite(wire: String, reply: SMTPReply) throws {
        for cut in 0...wire.utf8.count {
            var parser = ReplyParser()
            let bytes = Array(wire.utf8)
            var first = ByteBuffer(bytes: bytes[..<cut])
            var second = ByteBuffer(bytes: bytes[cut...])
            let early = try parser.next(from: &first)
            let late = try parser.next(from: &second)
            #expect((early ?? late) == reply, "cut at \(cut)")
            #expect(!parser.isWithinReply)
        }
    }

    @Test func leavesTheNextReplyInTheBuffer() throws {
        var parser = ReplyParser()
        var buffer = ByteBuffer(string: "250 one\r\n251 two\r\n35")
        #expect(try parser.next(from: &buffer) == SMTPReply(250, "one"))
        #expect(try parser.next(from: &buffer) == SMTPReply(251, "two"))
        #expect(try parser.next(from: &buffer) == nil)
        #expect(parser.isWithinReply)
    }

    static let longText = String(repeating: "x", count: 1_000)

    static let mistakes: [(String, ReplyError)] = [
        ("HTTP/1.1 400 Bad Request\r\n", ReplyError.malformed(line: "HTTP/1.1 400 Bad Request")),
        ("\r\n", .malformed(line: "")), ("25\r\n", .malformed(line: "25")), ("250x\r\n", .malformed(line: "250x")),
        ("099 low\r\n", .malformed(line: "099 low")), ("600 high\r\n", .malformed(line: "600 high")),
        ("2\u{1B}0 x\r\n", .malformed(line: "2?0 x")),
        ("250-a\r\n550 b\r\n", .codeChanged(from: 250, to: 550)),
        ("250 \(longText)\(longText)\(longText)", .lineTooLong),
        ("250 \(longText)\(longText)\(longText)\r\n", .lineTooLong),
        (String(repeating: "250-x\r\n", count: 201), .tooLong),
        (String(repeating: "250-\(longText)\r\n", count: 70), .tooLong),
    ]

    @Test(arguments: mistakes)
    func saysWhatIsWrong(wire: String, error: ReplyError) {
        var parser = ReplyParser()
        var buffer = ByteBuffer(string: wire)
        #expect(throws: error) { try parser.next(from: &buffer) }
        // There is no way back from an error.
        var good = ByteBuffer(string: "250 fine\r\n")
        #expect(throws: error) { try parser.next(from: &good) }
    }
}
