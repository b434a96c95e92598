import MailMIME
import Testing

/// What attacks on parsers do: each input twice as large may cost twice as much, and nothing may be kept without limit.
@Suite struct ParserLimitTests {
    static let attacks: [String: @Sendable (Int) -> String] = [
        "boundary lines that match nothing": { count in
            "Content-Type: multipart/mixed; boundary=bbbbbbbb\n\n" + String(repeating: "--bbbbbbbx\n", count: count)
        },
        "parts without end": { count in
            "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\n", count: count)
        },
        "multiparts in multiparts": { count in
            (0..<count).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
        },
        "messages in messages": { count in String(repeating: "Content-Type: message/rfc822\n\n", count: count) },
        "fields without end": { count in String(repeating: "A: b\n", count: count) },
        "a field of many lines": { count in "A: b\n" + String(repeating: " c\n", count: count) },
    ]

    @Test(arguments: attacks.keys.sorted())
    func `the work grows no faster than the message`(name: String) throws {
        let attack = try #require(Self.attacks[name])
        let (once, twice) = (steps(attack(20_000)), steps(attack(40_000)))
        #expect(Double(twice) <= Double(once) * 2.1, "\(once) steps, then \(twice)")
    }

    private func steps(_ text: String) -> Int {
        var parser = MessageParser()
        parser.receive(Array(text.utf8))
        let steps = parser.steps
        #expect(parser.finish().partCount <= 10_000)
        return steps
    }

    @Test func `a line without end is searched once, however small the pieces`() {
        var parser = MessageParser()
        for _ in 0..<100_000 { parser.receive(CollectionOfOne(UInt8(ascii: "a"))) }
        #expect(parser.finish().defects.map(\.kind) == [.headerNotEnded])
    }

    @Test func `depth, parts and fields have limits, and what is beyond is named`() {
        let deep = String(repeating: "Content-Type: message/rfc822\n\n", count: 10)
        let limited = MessageParserTests.parse(deep, limits: MessageLimits(depth: 4))
        #expect(limited.partCount == 4)
        #expect(limited.defects.map(\.kind) == [.tooDeep])

        let wide =
            "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\nx\n", count: 10) + "--b--\n"
        let narrow = MessageParserTests.parse(wide, limits: MessageLimits(parts: 3))
        #expect(narrow.partCount == 3)
        #expect(narrow.defects.map(\.kind) == [.tooManyParts])

        let long = MessageParserTests.parse(String(repeating: "A: b\n", count: 10), limits: MessageLimits(fields: 3))
        #expect(long.root.fields.count == 3)
        #expect(long.defects.map(\.kind) == [.tooManyFields])
    }

    /// Values on which readers that go back are quadratic: these would run for hours.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            "(", "((\\", "=?a?q?", "=?utf-8?b?", "\"", "<", "a:", "a;", "a=", ",", "a*0*=", "; a*1=", "=? ", "[", "\\",
            " ;",
            "@", "<@", "1 ", "-", "for ",
        ])
    func `no value of a field takes long`(piece: String) {
        let value = Array(String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
        _ = HeaderText.decode(value)
        _ = HeaderAddress.list(value)
        _ = ParameterizedValue(value)
        _ = MailDate(value)
        _ = MessageIDList.read(value)
        _ = ReceivedReading(value)
        _ = AddressSyntax(value)
        #expect(HeaderText.list(value).count <= value.count)
    }
}
