import Foundation
import MailCore
import MailMIME
import Testing

/// Names, subjects, texts and file names in any language arrive as they were written.
@Suite struct LanguageTests {
    static let greetings = [
        "Schöne Grüße aus Köln", "Bonjour, ça va très bien ?", "¡Hola! ¿Qué tal, señor?", "Zażółć gęślą jaźń",
        "Příliš žluťoučký kůň", "Árvíztűrő tükörfúrógép", "İyi günler, nasılsınız", "Chào buổi sáng, bạn khỏe không",
        "Καλημέρα, τι κάνεις;", "Добрый день, как дела?", "Добрий день, Їжаку", "שלום, מה שלומך?",
        "مرحبا، كيف حالك؟", "سلام، حال شما چطور است؟", "नमस्ते, आप कैसे हैं?", "வணக்கம், எப்படி இருக்கிறீர்கள்?",
        "สวัสดีครับ สบายดีไหม", "你好，最近怎么样？", "こんにちは、お元気ですか。", "안녕하세요, 잘 지내세요?",
        "გამარჯობა, როგორ ხარ?", "Բարև, ինչպե՞ս ես", "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301}",
    ]

    @Test(arguments: greetings) func aMessageReadsBack(greeting: String) throws {
        let ann = try Mailbox(EmailAddress("ann@example.org"), displayName: greeting)
        let picture = try MailAttachment(fileName: "\(greeting).png", contentID: "p@example.org", bytes: Array(0...255))
        let text = String(repeating: greeting + "\n", count: 20)
        let message = try MailMessage(
            from: ann, to: [ann], cc: [ann], replyTo: [ann], subject: greeting, text: text,
            html: "<p lang='x'>\(text)</p>\n", attachments: [picture], date: Timestamp(microseconds: 0),
            messageID: "1@example.org", fields: [MailField("X-Greeting", greeting)])
        let parsed = try readBack(message)
        let mailbox = [[greeting, "ann@example.org"]]
        #expect([parsed.from, parsed.to, parsed.cc, parsed.replyTo] == [mailbox, mailbox, mailbox, mailbox])
        #expect(parsed.subject == greeting)
        #expect(parsed["X-Greeting"] == [greeting])
        #expect(parsed.text == Data(text.replacing("\n", with: "\r\n").utf8))
        #expect(parsed.html == Data("<p lang='x'>\(text)</p>\n".replacing("\n", with: "\r\n").utf8))
        #expect(parsed.attachments.map(\.fileName) == ["\(greeting).png"])
        #expect(parsed.attachments.map(\.bytes) == [Data(0...255)])
    }
}
