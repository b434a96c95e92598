import MailCore
import NIOCore
import SMTPCore
import Testing

struct ReplyTests {
    private func written(_ reply: SMTPReply) -> String {
        var buffer = ByteBuffer()
        reply.write(to: &buffer)
        return String(buffer: buffer)
    }

    @Test func `a reply is a code, a status where there is one, and text`() {
        #expect(written(SMTPReply(354, "Go on")) == "354 Go on\r\n")
        #expect(written(SMTPReply(250, .init(.success, 1, 5), "Fine")) == "250 2.1.5 Fine\r\n")
        #expect(written(SMTPReply(220, "")) == "220 \r\n")
    }

    @Test func `every line but the last has a hyphen, and every line the status`() {
        let reply = SMTPReply(250, .init(.success, 1, 5), lines: ["<ann@example.org>", "<bob@example.org>"])
        #expect(written(reply) == "250-2.1.5 <ann@example.org>\r\n250 2.1.5 <bob@example.org>\r\n")
        #expect(reply.description == "250 2.1.5 <ann@example.org> <bob@example.org>")
    }

    @Test(arguments: ["a\r\n250 forged", "a\nb", "a\rb", "\0", "\u{1B}[2J", "a\u{7F}"])
    func `text cannot end a line or hide a control character`(text: String) {
        let line = written(SMTPReply(550, text))
        #expect(line.hasSuffix("\r\n"))
        #expect(line.utf8.dropLast(2).allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        #expect(line.contains("?"))
    }

    @Test func `a line has at most 512 octets and is cut between characters`() {
        let line = written(SMTPReply(501, .init(.permanentFailure, 1, 3), String(repeating: "ü", count: 1_000)))
        #expect(line.utf8.count <= 512 && line.utf8.count >= 511)
        #expect(line.hasSuffix("ü\r\n"))
        #expect(written(SMTPReply(250, String(repeating: "a", count: 506))).utf8.count == 512)
        #expect(written(SMTPReply(250, String(repeating: "a", count: 507))).utf8.count == 512)
    }

    @Test func `the first digit says whether the command was carried out`() {
        #expect([220, 250, 354].allSatisfy { SMTPReply($0, "x").isPositive })
        #expect(![421, 450, 500, 599].contains { SMTPReply($0, "x").isPositive })
        #expect(SMTPReply(354, "x").severity == .positiveIntermediate)
        #expect(SMTPReply(451, "x").severity == .transientNegative)
    }
}
