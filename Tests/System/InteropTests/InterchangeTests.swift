import Foundation
import MailMIME
import MailTesting
import SMTPClient
import Testing

/// What Martlet composes and sends is what others take and read: Postfix, Dovecot, and Python's `email` for every part
/// and header field.
@Suite(.requiresPeers, .requires("python3")) struct InterchangeTests {
    private static let greetings = [
        "Schöne Grüße aus Köln", "Bonjour, ça va très bien ?", "¡Hola! ¿Qué tal, señor?", "Zażółć gęślą jaźń",
        "Příliš žluťoučký kůň", "Árvíztűrő tükörfúrógép", "İyi günler, nasılsınız", "Chào buổi sáng, bạn khỏe không",
        "Καλημέρα, τι κάνεις;", "Добрый день, как дела?", "Добрий день, Їжаку", "שלום, מה שלומך?", "مرحبا، كيف حالك؟",
        "سلام، حال شما چطور است؟", "नमस्ते, आप कैसे हैं?", "வணக்கம், எப்படி இருக்கிறீர்கள்?", "สวัสดีครับ สบายดีไหม", "你好，最近怎么样？",
        "こんにちは、お元気ですか。", "안녕하세요, 잘 지내세요?", "გამარჯობა, როგორ ხარ?", "Բարև, ինչպե՞ս ես",
    ]
    /// What breaks programs that put values into messages as they are.
    private static let hostile = [
        #"" <eve@evil.example>, "x"#, #"O'Brien \ "The" (comment)"#, "=?utf-8?b?ZXZl?=", "a,b;c:d@e.example <f@g>",
        "../../etc/passwd", "x.txt\"; filename=y.exe; z=\"", "%0d%0aBcc: eve@evil.example",
        "<script>&amp;'\u{202E}gpj.exe",
        String(repeating: "ä", count: 300), "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301}", "--cut--", ".", "From me",
    ]

    /// A message as `interchange.py` read it.
    private struct Received: Decodable, Equatable {
        struct File: Decodable, Equatable {
            let name, id, sha256: String
        }

        let defects: [String]
        let from: String
        let to: [String]
        let subject, note, text, html: String
        let files: [File]
    }

    private static let picture = Array("\u{89}PNG not much of a picture".unicodeScalars.map { UInt8($0.value) })
    private static let octets = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 7) }

    /// A message that says the value wherever a message can say something, and what has to come of it.
    private static func sample(_ value: String, _ hashes: [String]) throws -> (message: MailMessage, expected: Received)
    {
        let text = ".\n..\nFrom here on\n\(value)\n\n\(String(repeating: "ü\(value) ", count: 30))\n"
        let html = "<p lang='x'>\(value)</p><img src='cid:picture@example.net'>\n"
        let message = try MailMessage(
            from: Mailbox(EmailAddress("shop@example.net"), displayName: value), to: ["ann@example.com"],
            subject: value, text: text, html: html,
            attachments: [
                MailAttachment(fileName: "picture.png", contentID: "picture@example.net", bytes: picture),
                MailAttachment(fileName: value, bytes: octets),
            ], fields: [MailField("X-Note", value)])
        let expected = Received(
            defects: [], from: value, to: ["ann@example.com"], subject: value, note: value, text: text, html: html,
            files: [
                .init(name: "picture.png", id: "<picture@example.net>", sha256: hashes[0]),
                .init(name: value, id: "", sha256: hashes[1]),
            ])
        return (message, expected)
    }

    /// Sends a message for each value, over one mailer, and compares what came with what was meant.
    private func exchange(
        by way: String, isolation: isolated (any Actor)? = #isolation, _ messages: () throws -> [Data]
    ) async throws {
        let folder = try TemporaryDirectory()
        var hashes: [String] = []
        for content in [Self.picture, Self.octets] {
            hashes.append(try await Self.hash(of: folder.write(Data(content), to: "content")))
        }
        let samples = try (Self.greetings + Self.hostile).map { try Self.sample($0, hashes) }
        try await withMailer(way) { mailer in
            for sample in samples {
                let receipt = try await mailer.send(sample.message)
                #expect(receipt.rejected.isEmpty)
            }
        }
        let received = try await eventually("\(samples.count) messages") {
            let all = try messages()
            return all.count == samples.count ? all : nil
        }
        let read = try await Self.read(received, in: folder)
        for (_, expected) in samples {
            let found = read.first { $0.subject == expected.subject }
            #expect(found == expected, "\(expected.subject)")
        }
    }

    /// What Python makes of the messages.
    private static func read(_ messages: [Data], in folder: TemporaryDirectory) async throws -> [Received] {
        let paths = try messages.enumerated().map { try folder.write($1, to: "\($0).eml") }
        let result = try await run(
            Tool.require("python3"), [script("interchange.py")] + paths)
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode([Received].self, from: result.standardOutput)
    }

    private static func hash(of path: String) async throws -> String {
        String(try await run(Tool.require("sha256sum"), [path]).output.prefix(64))
    }

    @Test func `what Postfix takes is read as it was meant, in every language and whatever it says`() async throws {
        try await PostfixPeer().whileRunning { postfix in
            try await exchange(by: "smtp://127.0.0.1:\(postfix.port)") { try postfix.messages(for: "ann@example.com") }
        }
    }

    @Test func `what Dovecot takes by LMTP is read as it was meant, in every language and whatever it says`()
        async throws
    {
        try await DovecotPeer().whileRunning { dovecot in
            try await exchange(by: "lmtp://\(dovecot.socket)") { try dovecot.messages(for: "ann@example.com") }
        }
    }

    @Test func `a large file arrives at Postfix with every octet`() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("large.bin")
        let made = try await run(Tool.require("sh"), ["-c", "head -c \(200 << 20) /dev/urandom >'\(path)'"])
        try #require(made.status == 0)
        let limits = ["message_size_limit = 0", "virtual_mailbox_limit = 0"]
        try await PostfixPeer(settings: limits).whileRunning { postfix in
            let sent = try await run(
                MartletServer.program,
                [
                    "send", "--via", "smtp://127.0.0.1:\(postfix.port)", "--from", "me@example.net", "--to",
                    "ann@example.com", "--text", "See there", "--subject", "Large", "--attach", path,
                ])
            try #require(sent.status == 0, "\(sent.errors)")
            let messages = try await eventually("the message") {
                let all = try postfix.messages(for: "ann@example.com")
                return all.isEmpty ? nil : all
            }
            let read = try await Self.read(messages, in: folder)
            let hash = try await Self.hash(of: path)
            #expect(read.count == 1 && read[0].defects.isEmpty && read[0].files.map(\.sha256) == [hash])
        }
    }
}
