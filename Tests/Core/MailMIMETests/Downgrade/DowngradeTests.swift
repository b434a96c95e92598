import MailCore
import MailMIME
import Testing

@Suite struct DowngradeTests {
    @Test func `text for a hop of seven bits becomes quoted-printable, and the rest stays as it is`() throws {
        let message = """
            Subject: tea
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit
            X-After: as it was

            Viele Grüße an alle, a=b

            """
        let expected = """
            Subject: tea
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable
            X-After: as it was

            Viele Gr=C3=BC=C3=9Fe an alle, a=3Db

            """
        #expect(try downgraded(message, to: .sevenBit) == expected)
        #expect(try downgraded(message, to: .eightBit) == message)
    }

    @Test func `text that is hardly ASCII becomes base64, which is shorter`() throws {
        let message = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nчай и мёд\n"
        #expect(
            try downgraded(message, to: .sevenBit) == """
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: base64

                0YfQsNC5INC4INC80ZHQtA0K

                """)
    }

    @Test func `what is no text becomes base64`() throws {
        let message =
            "MIME-Version: 1.0\nContent-Type: image/x-tiny\nContent-Transfer-Encoding: 8bit\n\nabcdefghijklé\n"
        let changed = try downgraded(message, to: .sevenBit)
        #expect(changed.contains("Content-Transfer-Encoding: base64\n"))
        #expect(MessageParser.parse(Array(changed.utf8)).root.decodedBody().bytes == Array("abcdefghijklé\r\n".utf8))
    }

    @Test func `who says nothing of MIME gets its two fields, and no charset that is only guessed`() throws {
        #expect(
            try downgraded("Subject: tea\n\nViele Grüße an alle\n", to: .sevenBit) == """
                Subject: tea
                MIME-Version: 1.0
                Content-Transfer-Encoding: quoted-printable

                Viele Gr=C3=BC=C3=9Fe an alle

                """)
    }

    @Test func `of several encodings that are named, one is left`() throws {
        let message =
            "MIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\nA: b\ncontent-transfer-encoding:\n binary\n\né\n"
        #expect(
            try downgraded(message, to: .sevenBit)
                == "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\nA: b\n\n=C3=A9\n")
    }

    @Test func `a header that was not ended is ended before what is encoded`() throws {
        #expect(
            try downgraded("hé\n", to: .sevenBit)
                == "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\nh=C3=A9\n")
    }

    @Test func `octets beyond ASCII in header fields stay: no encoding leaves all their readings`() throws {
        let message = "Subject: Grüße\n\nhello\n"
        #expect(try downgraded(message, to: .sevenBit) == message)
        #expect(try plan(Array(message.crlf.utf8), to: .sevenBit).body == .eightBit)
    }

    @Test func `a plan without changes says so, and what the message needs`() throws {
        let plain = try plan(Array("Subject: a\r\n\r\nb\r\n".utf8), to: .sevenBit)
        #expect(plain.isEmpty && plain.growth == 0 && plain.body == .sevenBit)
        let latin = try plan(Array("Subject: a\r\n\r\né\r\n".utf8), to: .eightBit)
        #expect(latin.isEmpty && latin.body == .eightBit)
    }
}

@Suite struct DowngradeOfPartsTests {
    private static let message = """
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b
        Content-Transfer-Encoding: 8bit

        for old readers
        --b
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        é
        --b
        Content-Type: text/plain
        Content-Transfer-Encoding: base64

        YQ==
        --b
        Content-Type: message/rfc822
        Content-Transfer-Encoding: 8bit

        Subject: inside
        Content-Type: text/html; charset=utf-8

        <p>Gut, dann um fünf
        --b--
        the end

        """

    @Test func `each part is encoded for itself; what holds parts gets another name for what it holds`() throws {
        let expected = """
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b
            Content-Transfer-Encoding: 7bit

            for old readers
            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            w6k=
            --b
            Content-Type: text/plain
            Content-Transfer-Encoding: base64

            YQ==
            --b
            Content-Type: message/rfc822
            Content-Transfer-Encoding: 7bit

            Subject: inside
            Content-Type: text/html; charset=utf-8
            MIME-Version: 1.0
            Content-Transfer-Encoding: quoted-printable

            <p>Gut, dann um f=C3=BCnf
            --b--
            the end

            """
        #expect(try downgraded(Self.message, to: .sevenBit) == expected)
        #expect(try downgraded(Self.message, to: .eightBit) == Self.message)
    }

    @Test func `what stands outside of the parts, and no reader shows, is left out if it cannot travel`() throws {
        let message = Self.message.replacing("for old readers", with: "für alte")
        let expected = try downgraded(Self.message, to: .sevenBit).replacing("for old readers", with: "")
        #expect(try downgraded(message, to: .sevenBit) == expected)
        let behind = Self.message.replacing("the end", with: "das Ende, für alle")
        #expect(try downgraded(behind, to: .sevenBit).hasSuffix("--b--\n"))
    }

    @Test func `a message with addresses in UTF-8 may be encoded as a whole`() throws {
        let message = """
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: message/global
            Content-Transfer-Encoding: 8bit

            From: <jürgen@example.org>

            --b--

            """
        let changed = try downgraded(message, to: .sevenBit)
        #expect(changed.contains("Content-Transfer-Encoding: base64\n"))
        #expect(changed.utf8.allSatisfy { $0 < 0x80 })
        let inner = MessageParser.parse(Array(changed.crlf.utf8)).root.parts[0].encodedMessage()
        #expect(inner?.root.field("from")?.text == "<jürgen@example.org>")
    }

    @Test func `parts in a digest are messages`() throws {
        let message = """
            MIME-Version: 1.0
            Content-Type: multipart/digest; boundary=b

            --b

            Subject: inside

            Gut, dann um fünf
            --b--

            """
        #expect(
            try downgraded(message, to: .sevenBit).contains(
                "\n--b\n\nSubject: inside\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\nGut, dann um f=C3=BCnf\n--b--"
            ))
    }
}

@Suite struct DowngradeOfBinaryTests {
    private func message(type: String, _ body: [UInt8]) -> [UInt8] {
        Array("MIME-Version: 1.0\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: binary\r\n\r\n".utf8) + body
    }

    @Test(arguments: [EnvelopeOptions.Body.sevenBit, .eightBit])
    func `a NUL, a CR or an LF alone make base64 of a part`(hop: EnvelopeOptions.Body) throws {
        for body in [[0], [13], [10], [65, 13, 66], [65, 10], [65, 13, 10, 10]] as [[UInt8]] {
            let changed = try downgraded(message(type: "application/octet-stream", body), to: hop)
            let read = MessageParser.parse(changed)
            #expect(read.root.field("content-transfer-encoding")?.text == "base64")
            #expect(read.root.decodedBody().bytes == body)
            #expect(changed.suffix(2) == [13, 10])
        }
    }

    @Test func `a text that is only named binary is named anew`() throws {
        let changed = try downgraded(message(type: "text/plain", Array("é\r\n".utf8)), to: .eightBit)
        #expect(changed == message(type: "text/plain", Array("é\r\n".utf8)).replacing("binary".utf8, with: "8bit".utf8))
    }

    @Test func `the last line of a text stays open where it was`() throws {
        let body = Array("zwei\nfür".utf8)
        let changed = try downgraded(message(type: "text/plain", body + [0]), to: .sevenBit)
        #expect(changed.suffix(2) == [13, 10])
        #expect(MessageParser.parse(changed).root.decodedBody().bytes == body + [0])
    }

    @Test func `a hop that carries binary gets what there is`() throws {
        let message = message(type: "application/octet-stream", [0, 13, 10, 10, 255])
        #expect(try plan(message, to: .binary).isEmpty)
    }
}

@Suite struct DowngradeOfLongLinesTests {
    private let long = String(repeating: "word ", count: 300)

    @Test func `a line over 998 octets becomes quoted-printable, also for a hop of eight bits`() throws {
        let message = "MIME-Version: 1.0\nSubject: a\n\n\(long).\n"
        let changed = try downgraded(message, to: .eightBit)
        #expect(changed.contains("\nContent-Transfer-Encoding: quoted-printable\n"))
        #expect(changed.split(separator: "\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(MessageParser.parse(Array(changed.crlf.utf8)).text == "\(long).\r\n")
    }

    @Test(arguments: ["", "Content-Transfer-Encoding: quoted-printable\n"])
    func `no line that is broken makes a boundary of what was none`(encoding: String) throws {
        for column in 0..<80 {
            let text = String(repeating: "x", count: column) + "--b--" + String(repeating: "--b", count: 400)
            let message =
                "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\(encoding)\nx\(text)\n--b--\n"
            let parts = MessageParser.parse(Array(try downgraded(message, to: .sevenBit).crlf.utf8)).root.parts
            #expect(parts.map { String(decoding: $0.decodedBody().bytes, as: UTF8.self) } == ["x\(text)"])
        }
    }

    @Test func `998 octets are short enough, and 999 are not`() throws {
        let line = String(repeating: "x", count: 998)
        #expect(try plan(Array("\r\n\(line)\r\n".utf8), to: .sevenBit).isEmpty)
        #expect(try !plan(Array("\r\nx\(line)\r\n".utf8), to: .sevenBit).isEmpty)
        #expect(try !plan(Array("\r\nx\(line)".utf8), to: .sevenBit).isEmpty)
    }

    @Test func `a long field is folded at its blanks`() throws {
        let message = "X: \(long).\nMIME-Version: 1.0\n\nbody\n"
        let changed = try downgraded(message, to: .sevenBit)
        #expect(changed.split(separator: "\n").allSatisfy { $0.utf8.count <= 998 })
        #expect(changed.replacing("\n ", with: " ") == message)
    }

    @Test func `a long field at the end of everything is folded, too`() throws {
        let field = Array("X: \(String(repeating: "x", count: 800)) \(String(repeating: "y", count: 195))".utf8)
        #expect(field.count == 999)
        let changed = try downgraded(field, to: .sevenBit)
        #expect(changed.split(separator: 10).allSatisfy { $0.count <= 999 } && changed.count > 999)
    }

    @Test func `base64 and quoted-printable in lines that are too long are broken anew`() throws {
        let base64 = Base64.encode(Array(long.utf8))
        let head = "MIME-Version: 1.0\r\nContent-Transfer-Encoding:"
        for (name, body) in [("base64", base64), ("quoted-printable", Array("=41=3D\t \(long)=C3=BC \t".utf8))] {
            let message = Array("\(head) \(name)\r\n\r\n".utf8) + body + Array("\r\n".utf8)
            let changed = try downgraded(message, to: .sevenBit)
            #expect(changed.split(separator: 10).allSatisfy { $0.count <= 77 })
            #expect(
                MessageParser.parse(changed).root.decodedBody().bytes
                    == MessageParser.parse(message).root.decodedBody().bytes)
        }
    }

    @Test func `octets beyond ASCII in quoted-printable are encoded as they should have been`() throws {
        let message = "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\na=3Dé \nb=\n\n"
        #expect(
            try downgraded(message, to: .sevenBit)
                == "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\na=3D=C3=A9\nb=\n\n")
    }
}
