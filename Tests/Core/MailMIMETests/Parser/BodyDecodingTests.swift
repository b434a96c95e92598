import MailMIME
import Testing

@Suite struct BodyDecodingTests {
    @Test(arguments: EncodingTests.samples) func `what is encoded is decoded again`(bytes: [UInt8]) {
        #expect(Base64.decode(Base64.encodeLines(bytes)) == Decoding(bytes: bytes, isClean: true))
        // Line ends are CRLF in what is encoded as text.
        let text = bytes.filter { $0 != 10 && $0 != 13 }
        #expect(QuotedPrintable.decode(QuotedPrintable.encode(text)) == Decoding(bytes: text, isClean: true))
    }

    @Test(arguments: [
        ("QUJD", "ABC", true), ("QUI=", "AB", true), ("QQ==QUI=", "AAB", true), ("QU\r\n J D", "ABC", true),
        ("Q!UJD", "ABC", false), ("QUI", "AB", false), ("Q", "", false), ("", "", true), ("====", "", true),
    ])
    func `broken base64 gives what can be read`(text: String, decoded: String, isClean: Bool) {
        #expect(Base64.decode(text.utf8) == Decoding(bytes: Array(decoded.utf8), isClean: isClean))
    }

    @Test(arguments: [
        ("a=3Db", "a=b", true), ("a=\r\nb", "ab", true), ("a= \t\r\nb", "ab", true), ("a \t\r\nb", "a\r\nb", true),
        ("a=20\r\nb", "a \r\nb", true), ("100=%", "100=%", false), ("a=", "a", true), ("=4", "=4", false),
    ])
    func `broken quoted-printable gives what can be read`(text: String, decoded: String, isClean: Bool) {
        #expect(QuotedPrintable.decode(text.utf8) == Decoding(bytes: Array(decoded.utf8), isClean: isClean))
    }

    @Test func `uuencode is read, with blanks or backquotes for zeros`() throws {
        let text = "hello\r\nbegin 644 cat.txt\r\n#0V%T\r\n!````\r\n!\r\n`\r\nend\r\n"
        #expect(UUEncoding.decode(text.utf8) == Decoding(bytes: Array("Cat\0\0".utf8), isClean: true))
        #expect(UUEncoding.decode("no file".utf8) == nil)
    }

    @Test(
        arguments: [
            ("utf-8", [0xC3, 0xBC], "ü", nil), ("UTF-8", [0xFF], "\u{FFFD}", MessageDefect.Kind.badCharset),
            ("latin1", [0x80, 0xFC], "€ü", nil), ("us-ascii", [0xC3, 0xBC], "ü", nil),
            ("utf-16le", [0x61, 0x00], "a", nil), ("utf-16", [0xFE, 0xFF, 0x00, 0x61], "a", nil),
            ("x-sjis", [0x83, 0x65], "テ", nil), ("unheard-of", [0x61], "a", .unknownCharset),
            ("utf-8//IGNORE", [0x61], "a", .unknownCharset), ("windows-1251", [0xCF], "П", nil),
            ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ", nil),
            ("euc-jp", [0xA4], "\u{FFFD}", .badCharset),
        ] as [(String, [UInt8], String, MessageDefect.Kind?)])
    func `charsets are known by the names that browsers know`(
        label: String, bytes: [UInt8], text: String, defect: MessageDefect.Kind?
    ) {
        let reading = Charset.decode(bytes, label: label)
        #expect(reading.text == text)
        #expect(reading.defect == defect)
    }

    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\a.exe", "a.exe"), ("\u{1B}[2Ja.txt", "[2Ja.txt"), ("..", "part"),
        (".profile", "profile"), ("gpj.\u{202E}exe", "gpj.exe"), ("-rf", "rf"), ("Größe 1.pdf", "Größe 1.pdf"),
        ("a\0b\r\nc", "abc"), ("con|aux?", "conaux"),
    ])
    func `file names stay in their folder and speak to no terminal`(name: String, safe: String) {
        #expect(SafeFileName.make(name, fallback: "part") == safe)
    }

    @Test func `a long file name keeps its extension`() {
        let name = SafeFileName.make(String(repeating: "ü", count: 500) + ".pdf", fallback: "part")
        #expect(name.utf8.count <= 200 && name.hasSuffix("ü.pdf"))
    }

    @Test func `a delivery report says who did not get the message, and why`() throws {
        let message = """
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b

            It failed.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mail.example.org

            Original-Recipient: rfc822;ann+x@example.org
            Final-Recipient: rfc822; ann@example.org
            Action: Failed
            Status: 5.1.1 (no such user)
            Remote-MTA: dns; mx.example.org
            Diagnostic-Code: smtp; 550 5.1.1
             no such user
            --b--
            """
        let reading = try #require(DeliveryReportReading(MessageParser.parse(Array(message.utf8))))
        #expect(reading.reportingMTA == "mail.example.org")
        let recipient = try #require(reading.recipients.first)
        #expect(reading.recipients.count == 1)
        #expect(recipient.finalRecipient == "ann@example.org")
        #expect(recipient.originalRecipient == "ann+x@example.org")
        #expect(recipient.action == "failed")
        #expect(recipient.status == "5.1.1")
        #expect(recipient.remoteMTA == "mx.example.org")
        #expect(recipient.diagnostic == "550 5.1.1 no such user")
        #expect(DeliveryReportReading(MessageParser.parse([])) == nil)
    }
}
