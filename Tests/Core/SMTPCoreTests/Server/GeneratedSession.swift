/// What a client might say that knows the words but not always the order, and sometimes mistypes.
struct GeneratedSession {
    let input: [UInt8]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 1...14, using: &random) {
            text += Array((Self.turns.randomElement(using: &random) ?? "").utf8)
        }
        if Bool.random(using: &random), !text.isEmpty {
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&text, using: &random) }
        }
        input = text
    }

    private static let opening = "MAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\n"

    private static let turns = [
        "EHLO client.example\r\n", "HELO client.example\r\n", "LHLO client.example\r\n", "RSET\r\n", "NOOP\r\n",
        "QUIT\r\n",
        "MAIL FROM:<you@example.net> SIZE=100 BODY=8BITMIME\r\n", "MAIL FROM:<> RET=HDRS ENVID=x\r\n",
        "RCPT TO:<bob@example.org> NOTIFY=NEVER\r\n", "RCPT TO:<nobody@example.org>\r\n",
        "RCPT TO:<you@example.net>\r\n",
        "EHLO c\r\n" + opening + "DATA\r\nSubject: x\r\n\r\n..hello\r\n.\r\n", opening + "DATA\r\n.\r\n",
        "EHLO c\r\n" + opening + "DATA\r\nbare\nLF\r\n.\r\n", opening + "DATA\r\nbare\rCR\0\r\n.\r\nRSET\r\n",
        "EHLO c\r\n" + opening + "BDAT 7\r\nhello\r\nBDAT 4 LAST\r\na\r\n.", opening + "BDAT 5 LAST\r\n.\r\n.\r",
        "BDAT 3\r\nabc", "BDAT 0 LAST\r\n", "BDAT x\r\n", "DATA\r\n", "VRFY ann\r\n", "EXPN staff\r\n", "HELP\r\n",
        "HELP DATA\r\n",
        "STARTTLS\r\n", "AUTH PLAIN AGFubgB4\r\n", "XYZZY\r\n", "\r\n", "NOOP\nRSET\r\n", "GET / HTTP/1.1\r\n",
        String(repeating: "long ", count: 30) + "\r\n",
    ]

    private static func damage(_ text: inout [UInt8], using random: inout SeededGenerator) {
        guard let place = text.indices.randomElement(using: &random) else { return }
        let octets: [UInt8] = [0, 9, 10, 13, 32, 46, 58, 60, 62, 64, 65, 200, 255]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.remove(at: place)
        case 1: text.insert(octets.randomElement(using: &random) ?? 0, at: place)
        default: text[place] = octets.randomElement(using: &random) ?? 0
        }
    }
}
