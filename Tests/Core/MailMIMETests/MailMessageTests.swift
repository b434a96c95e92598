import Foundation
import MailCore
import MailMIME
import Testing

/// Whatever was put into a message, another mail program reads the same out of it.
@Suite struct MailMessageTests {
    static let texts = [
        "Hello", "Two words", "two  spaces", " blank in front", "blank behind ", "Grüße", "世界へようこそ",
        "=?utf-8?q?no_encoded_word?=", "tab\there", "\"quoted\" \\ and, (comment); <angle@brackets>",
        String(repeating: "word ", count: 60) + "end", String(repeating: "ä👩‍👩‍👧‍👦", count: 40),
        String(repeating: "x", count: 1_200),
        "a,b", "a.b", "Ann @ home",
        "almost all ASCII but one €, which makes the whole text go another way, and that is long",
    ]

    @Test(arguments: texts + ["photo.jpg", "Übersicht 2026.pdf", "a'b\"c\\d%20.txt"])
    func subjectAndNamesReadBack(text: String) throws {
        let ann = try Mailbox(EmailAddress("ann@example.org"), displayName: text)
        let bob = try Mailbox(EmailAddress("bob@example.org"))
        let file = try MailAttachment(fileName: text, bytes: [1, 2, 3])
        let parsed = try readBack(
            message(from: ann, to: [bob, ann], cc: [ann, bob], subject: text, attachments: [file]))
        #expect(parsed.subject == text)
        #expect(parsed.from == [[text, "ann@example.org"]])
        #expect(parsed.to == [["", "bob@example.org"], [text, "ann@example.org"]])
        #expect(parsed.cc == [[text, "ann@example.org"], ["", "bob@example.org"]])
        #expect(parsed.attachments.map(\.fileName) == [text])
    }

    @Test(arguments: [
        "", "One line", "Two\nlines\n", "Mixed\r\nline\rends\n", ".\n..\nFrom here\n", "Grüße, 世界\n",
        "世界へようこそ\n", "blank at the end \n", String(repeating: "long ", count: 500), "--=_ looks like a boundary\n",
    ])
    func theTextReadsBack(text: String) throws {
        var lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        if !lines.isEmpty, !lines.hasSuffix("\n") { lines += "\n" }
        for attachments in [[], [try MailAttachment(fileName: "a.txt", bytes: [1, 2, 3])]] {
            let parsed = try readBack(message(text: text, attachments: attachments))
            #expect(String(decoding: parsed.text ?? Data(), as: UTF8.self).replacing("\r\n", with: "\n") == lines)
        }
    }

    @Test func attachmentsReadBackOctetForOctet() throws {
        let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let attachments = [
            try MailAttachment(fileName: "a.xyz", contentType: "application/x-test", bytes: bytes),
            try MailAttachment(fileName: "empty.bin", bytes: []),
        ]
        let parsed = try readBack(message(text: "See there\n", attachments: attachments))
        #expect(
            parsed.attachments == [
                ParsedMessage.File(fileName: "a.xyz", contentType: "application/x-test", bytes: Data(bytes)),
                ParsedMessage.File(fileName: "empty.bin", contentType: "application/octet-stream", bytes: Data()),
            ])
        #expect(String(decoding: parsed.text ?? Data(), as: UTF8.self).contains("See there"))
    }

    @Test func theFieldsOfRFC5322AreThereOnce() throws {
        let message = try message()
        let parsed = try readBack(message)
        #expect(parsed.date == "Sat, 21 Nov 2026 20:00:00 +0000")
        #expect(parsed.messageID == "<1.abc@example.org>")
        #expect(
            parsed.fields == [
                "Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
                "Content-Transfer-Encoding",
            ])
        #expect(message.bytes == message.bytes)
    }

    @Test func plainTextStaysAsItIs() throws {
        let wire = String(decoding: try message(text: "Hello\nYou\n").bytes, as: UTF8.self)
        #expect(wire.hasSuffix("Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\nYou\r\n"))
    }

    @Test func aUTF8AddressAsksForSMTPUTF8() throws {
        let mailbox = try Mailbox(EmailAddress("jürgen@example.org"))
        #expect(try message(to: [mailbox]).needsSMTPUTF8)
        #expect(try !message().needsSMTPUTF8)
        let wire = try String(decoding: message(to: [mailbox]).bytes, as: UTF8.self)
        #expect(wire.contains("\r\nTo: jürgen@example.org\r\n"))
    }

    private func message(
        from: Mailbox? = nil, to: [Mailbox]? = nil, cc: [Mailbox] = [], subject: String = "Hello",
        text: String = "Hello.\n", attachments: [MailAttachment] = []
    ) throws -> MailMessage {
        let ann = try Mailbox(EmailAddress("ann@example.org"), displayName: "Ann")
        return try MailMessage(
            from: from ?? ann, to: to ?? [ann], cc: cc, subject: subject, text: text, attachments: attachments,
            date: Timestamp(microseconds: 1_795_291_200_000_000), messageID: "1.abc@example.org")
    }
}
