import MailMIME
import Testing

@Suite struct MessageParserTests {
    static let nested = """
        From: ann@example.org\r
        Subject: two\r
         lines\r
        Content-Type: multipart/mixed; boundary=outer\r
        \r
        preamble\r
        --outer\r
        Content-Type: multipart/alternative; boundary="in ner"\r
        \r
        --in ner\r
        \r
        plain\r
        --in ner\r
        Content-Type: text/html; charset=iso-8859-1\r
        Content-Transfer-Encoding: quoted-printable\r
        \r
        <b>gr=FC=DFe</b>\r
        --in ner--\r
        --outer\r
        Content-Type: message/rfc822\r
        \r
        Subject: inside\r
        \r
        text of the message inside\r
        --outer\r
        Content-Type: image/png; name="a.png"\r
        Content-Transfer-Encoding: base64\r
        \r
        iVBO\r
        Rw==\r
        --outer-- \r
        epilogue\r

        """

    static func parse(_ text: String, limits: MessageLimits = MessageLimits()) -> MailMIME.ParsedMessage {
        MessageParser.parse(Array(text.utf8), limits: limits)
    }

    @Test func `parts are found where they lie`() throws {
        let message = Self.parse(Self.nested)
        #expect(message.defects.isEmpty)
        #expect(
            message.allParts.map(\.mediaType) == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "message/rfc822", "text/plain",
                "image/png",
            ])
        #expect(message.root.parts.map(\.index) == [1, 4, 6])
        #expect(message.allParts[2].decodedText().text == "plain")
        #expect(message.allParts[3].decodedText().text == "<b>grüße</b>")
        #expect(message.allParts[5].field("subject")?.text == "inside")
        #expect(message.allParts[5].decodedText().text == "text of the message inside")
        #expect(message.allParts[6].decodedBody().bytes == [0x89, 0x50, 0x4E, 0x47])
        #expect(message.allParts[6].fileName == "a.png")
        #expect(message.root.field("SUBJECT")?.text == "two lines")
        #expect(message.root.field("subject")?.rawValue == Array(" two\r\n lines\r\n".utf8))
    }

    @Test func `text, HTML and attachments are chosen as a mail program shows them`() {
        let message = Self.parse(Self.nested)
        #expect(message.text == "plain")
        #expect(message.html == "<b>grüße</b>")
        #expect(message.view.attachments.map(\.index) == [4, 6])
    }

    @Test func `it reads the same however it is cut`() {
        let bytes = Array(Self.nested.utf8)
        let whole = MessageParser.parse(bytes)
        for size in [1, 2, 3, 7, 64] {
            var parser = MessageParser()
            for start in stride(from: 0, to: bytes.count, by: size) {
                parser.receive(bytes[start..<min(start + size, bytes.count)])
            }
            expectSame(parser.finish(), whole)
        }
        for cut in bytes.indices {
            var parser = MessageParser()
            parser.receive(bytes[..<cut])
            parser.receive(bytes[cut...])
            expectSame(parser.finish(), whole)
        }
    }

    private func expectSame(_ one: MailMIME.ParsedMessage, _ other: MailMIME.ParsedMessage) {
        #expect(one.defects == other.defects)
        #expect(one.allParts.map(\.headerRange) == other.allParts.map(\.headerRange))
        #expect(one.allParts.map(\.bodyRange) == other.allParts.map(\.bodyRange))
        #expect(one.root.fields.map(\.range) == other.root.fields.map(\.range))
    }

    @Test func `what was read is written again without a change, wherever the message ends`() {
        let bytes = Array(Self.nested.utf8)
        for end in 0...bytes.count {
            #expect(MessageParser.parse(Array(bytes[..<end])).written() == Array(bytes[..<end]))
        }
    }

    @Test(arguments: [
        ("Subject: a\r\nno field\r\n\r\nx", MessageDefect.Kind.headerNotEnded, 12),
        (" folded\r\nSubject: a\r\n\r\n", .continuationWithoutField, 0),
        ("Content-Type: multipart/mixed\r\n\r\nx", .noBoundary, 33),
        ("Content-Type: multipart/mixed; boundary=b\r\n\r\nx", .boundaryNotFound, 45),
        ("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx", .notClosed, 53),
        (
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogYQ0KDQo=",
            .compositeEncoded, 67
        ),
    ])
    func `what is broken is read all the same, and named`(text: String, kind: MessageDefect.Kind, offset: Int) {
        let message = Self.parse(text)
        #expect(message.defects.map(\.kind) == [kind])
        #expect(message.defects.first?.offset == offset)
    }

    @Test func `a message that ends within its header lies within the part around it`() {
        let text =
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n--b--\n"
        let message = Self.parse(text)
        #expect(message.written() == Array(text.utf8))
        #expect(message.allParts[2].bodyRange.upperBound <= message.allParts[1].bodyRange.upperBound)
    }

    @Test func `a message in an encoding is read once it is decoded`() throws {
        let message = Self.parse(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW5zaWRlDQoNCng=")
        #expect(try #require(message.root.encodedMessage()).root.field("subject")?.text == "inside")
    }

    @Test func `a part of a digest is a message unless it says otherwise`() {
        let message = Self.parse("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inside\n\n--b--\n")
        #expect(message.allParts.map(\.mediaType) == ["multipart/digest", "message/rfc822", "text/plain"])
        #expect(message.allParts[2].field("subject")?.text == "inside")
    }

    @Test func `boundaries side by side have no part between them`() {
        let message = Self.parse("Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n\nx\n--b--\n")
        #expect(message.root.parts.map { $0.decodedText().text } == ["x"])
    }

    @Test func `a longer boundary is not taken for the shorter one that it begins with`() {
        let message = Self.parse("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--bc\n--b--\n")
        #expect(message.root.parts.map { $0.decodedText().text } == ["--bc"])
    }

    @Test func `an inner multipart that is not closed ends with the outer one`() {
        let message = Self.parse(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nx\n--o\n\ny\n--o--\n"
        )
        #expect(
            message.allParts.map(\.mediaType) == ["multipart/mixed", "multipart/mixed", "text/plain", "text/plain"])
        #expect(message.allParts[2].decodedText().text == "x")
        #expect(message.defects.map(\.kind) == [.notClosed])
    }
}
