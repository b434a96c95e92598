import MailCore
import MailMIME
import Testing

@Suite struct HeaderReadingTests {
    @Test(arguments: [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"), ("=?iso-8859-1?Q?Andr=E9?= Pirard", "André Pirard"),
        ("=?utf-8?b?w?= =?utf-8?b?w6k=?=", "é"), ("=?utf-8?q?=FF?=", "\u{FFFD}"),
        ("=?utf-8?q?a_b?= =?utf-8?q?c?= d", "a bc d"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"), ("=?koi8-r?b?8NLJ18XU?=", "Привет"),
        ("=?gb2312?B?xOO6ww==?=", "你好"), ("=?shift_jis?b?g2WDWINn?=", "テスト"), ("=?euc-kr?b?vsiz5w==?=", "안녕"),
        ("=?unheard-of?q?abc?=", "abc"), ("=?utf-8*en?q?abc?=", "abc"), ("two\r\n\tlines", "two lines"),
        ("=?utf-8?q?not ended", "=?utf-8?q?not ended"), ("a\u{FFFD}b", "a\u{FFFD}b"),
    ])
    func `text is decoded`(raw: String, text: String) {
        #expect(HeaderText.decode(raw.utf8) == text)
    }

    @Test func `addresses, groups and comments are read`() {
        let value =
            #"Ann <ann@example.org>, "Doe, Jo" <@relay:jo@example.org>, G (x): a@b, "c d"@e; bob@example.org (Bob)"#
        #expect(
            HeaderAddress.list(Array(value.utf8)) == [
                .mailbox(HeaderMailbox(name: "Ann", address: "ann@example.org")),
                .mailbox(HeaderMailbox(name: "Doe, Jo", address: "jo@example.org")),
                .group(
                    name: "G (x)",
                    [HeaderMailbox(name: nil, address: "a@b"), HeaderMailbox(name: nil, address: "\"c d\"@e")]),
                .mailbox(HeaderMailbox(name: "Bob", address: "bob@example.org")),
            ])
    }

    @Test(arguments: [
        ("Sat, 21 Nov 2026 20:00:00 +0100", 1_795_287_600), ("21 Nov 26 20:00 EST", 1_795_309_200),
        ("Sat Nov 21 20:00:00 2026", 1_795_291_200), ("21-Nov-2026 20:00:00 GMT", 1_795_291_200),
        ("Sat, 21 (a (nested) comment) Nov 2026 20:00:00 -0000", 1_795_291_200), ("1 Jan 1970 00:00:00 +0000", 0),
        ("29 Feb 2000 12:00:00 +0000", 951_825_600),
    ])
    func `dates of all forms are read`(text: String, seconds: Int64) {
        #expect(MailDate(Array(text.utf8))?.timestamp.microseconds == seconds * 1_000_000)
    }

    @Test(arguments: ["", "today", "31 Feb 2026 10:00:00 +0000", "21 Nov 2026", "21 Nov 2026 25:00:00 +0000", "1 2 3"])
    func `what is no date is none`(text: String) {
        #expect(MailDate(Array(text.utf8)) == nil)
    }

    @Test func `parameters are joined and decoded`() throws {
        let value = """
            ATTACHMENT; filename*1*=%C3%9Cber; filename*0*=utf-8'de'Die%20;\r
             filename*2=".txt"; size=12 (octets); x="a\\"b"
            """
        let disposition = try #require(ParameterizedValue(Array(value.utf8)))
        #expect(disposition.value == "attachment")
        #expect(disposition["filename"] == "Die Über.txt")
        #expect(disposition.parameters.first?.language == "de")
        #expect(disposition["size"] == "12")
        #expect(disposition["x"] == "a\"b")
    }

    @Test(arguments: [
        ("ann@example.org", AddressSyntax.Category.valid), ("\"ann lee\"@example.org", .rfc5321),
        ("ann@[192.0.2.1]", .rfc5321), ("ann@example.org (Ann)", .cfws), ("ann . lee@example.org", .deprec),
        ("ann@[no literal]", .rfc5322), ("ann@@example.org", .err), ("ann", .err), ("ann@-example.org", .err),
    ])
    func `addresses are judged`(address: String, category: AddressSyntax.Category) {
        #expect(AddressSyntax(address.utf8).category == category)
    }

    @Test func `a trace field is taken apart`() {
        let value = """
            from client.example (mx.client.example [192.0.2.7]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)
             by mail.example.org with ESMTPS id 1ABC for <ann@example.org>; Sat, 21 Nov 2026 20:00:00 +0000
            """
        let reading = ReceivedReading(Array(value.utf8))
        #expect(reading.from == "client.example")
        #expect(reading.fromAddress == "192.0.2.7")
        #expect(reading.fromReverseName == "mx.client.example")
        #expect(reading.by == "mail.example.org")
        #expect(reading.with == "ESMTPS")
        #expect(reading.id == "1ABC")
        #expect(reading.forRecipient == "ann@example.org")
        #expect(reading.tlsVersion == "TLSv1.3")
        #expect(reading.tlsCipher == "TLS_AES_256_GCM_SHA384")
        #expect(reading.date?.hour == 20)
    }
}
