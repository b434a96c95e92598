import NIOCore
import SMTPCore
import Testing

struct LastLineTests {
    /// The line that stands beside each negative reply.
    private func refused(_ input: String) -> [String?] {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.mechanisms = ["PLAIN"]
        configuration.authenticatesInClear = true
        var machine = SMTPServerMachine(configuration: configuration)
        machine.receive(ByteBuffer(string: "EHLO c\r\n" + input))
        var lines: [String?] = []
        while let action = machine.next() {
            switch action {
            case .ask(.authenticate(let command)) where command.initialResponse == nil: machine.answer(.challenge(""))
            case .ask(.authenticate), .ask(.authenticationResponse): machine.answer(.refuse(SMTPReply(535, "Wrong")))
            case .ask: machine.answer(.accept())
            case .reply(let reply) where !reply.isPositive: lines.append(machine.lastLine)
            default: break
            }
        }
        return lines
    }

    @Test(arguments: [
        ("RCPT TO:<ann@example.org>\r\n", ["RCPT TO:<ann@example.org>"]),
        ("MAIL x\r\nNONSENSE\r\n", ["MAIL x", "NONSENSE"]),
        ("DATA\nQUIT\r\n", ["DATA"]), ("\r\n", [nil]),
    ])
    func `what was sent is known with the reply that refuses it`(input: String, lines: [String?]) {
        #expect(refused(input) == lines)
    }

    @Test func `of a long line the beginning is known`() {
        let long = "NOOP " + String(repeating: "x", count: 5_000)
        #expect(refused(long + "\r\n") == [String(long.prefix(200))])
    }

    @Test(arguments: [
        ("AUTH PLAIN c2VjcmV0\r\n", ["AUTH PLAIN"]), (" auth plain c2VjcmV0\r\n", ["auth plain"]),
        ("AUTHPLAIN c2VjcmV0\r\n", ["AUTHPLAIN"]), ("AUTH PLAIN\r\nc2VjcmV0\r\n", [nil]),
        ("AUTH PLAIN\r\nc2Vj\ncmV0\nx\r\n", [nil, nil]),
        ("AUTH LOGIN\r\nYW5u\r\nc2VjcmV0\r\nDATA\r\nNONSENSE\r\n", ["AUTH LOGIN", nil, nil, "DATA", "NONSENSE"]),
        ("AUTH PLAIN c2VjcmV0\r\nYW5u\nc2VjcmV0\r\n", ["AUTH PLAIN", nil]),
        ("AUTH\r\nc2VjcmV0\r\n", ["AUTH", nil]), ("AUTH PLAIN\r\nc2Vj\r\ncmV0\r\n", [nil, nil]),
    ])
    func `no secret is`(input: String, lines: [String?]) {
        #expect(refused(input) == lines)
    }
}
