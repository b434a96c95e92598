import Foundation
import MailMIME
import Testing

/// What is written as the RFCs have it is read at one go, and all else by readers that bear with anything. Both must say
/// the same: what only the second kind reads is made from what the first kind reads, without changing what it means.
@Suite struct PlainReadingTests {
    @Test(arguments: [
        "text/plain", " Text/HTML; CharSet=UTF-8\r\n", "multipart/mixed;\r\n boundary=\"a b; c=d\"",
        "a/b; x=1; y=\"\"; z=/",
        "attachment; filename=a.b_c-d+e; size=3;", "text/plain; charset = utf-8", "text/plain; x=1; x=2",
        "text/plain; =; y",
        "image/png; name=\"a\\\"b\"", "text/plain; name=gr\u{FC}n", "text/plain; name*=utf-8''a",
        "a/b; n=\"=?utf-8?q?x?=\"",
    ])
    func `parameters`(value: String) {
        let plain = ParameterizedValue(Array(value.utf8))
        #expect(plain != nil)
        #expect(ParameterizedValue(Array("(\\x) \(value)".utf8)) == plain)
    }

    @Test(arguments: [
        "Sat, 21 Nov 2026 20:00:59 +0100", "1 Jan 1970 00:00 -0000", "Tue, 29 Feb 2028 23:59:60 -1130 (NDT)\r\n",
        "Tue, 30 Feb 2028 23:59:60 -1130", "1 Foo 1970 00:00 -0000", "Sat, 21 Nov 2026 20:00:59 +9900", "21 Nov 2026",
        "Sat, 21 Nov 2026 20:00:59 +0100 x", "Saturday, 21 Nov 2026 20:00:59 +0100",
    ])
    func `dates`(value: String) {
        #expect(MailDate(Array("(\\x) \(value)".utf8)) == MailDate(Array(value.utf8)))
    }

    @Test(arguments: [
        "ann@example.org", " Ann Author <ann@example.org>\r\n",
        "\"Author, Ann  B.\" <ann@example.org>, bob@example.org",
        "Ann  B. <ann@example.org>", "<ann@example.org> , <>", "Ann Author", "a b@example.org",
        "ann@example.org,,bob@x",
        "\u{C4}nne <\u{E4}nne@example.org>", "\"\" <ann@example.org>", "\"Ann\" Author <ann@example.org>",
        "Ann <ann@[192.0.2.1]>",
        "ann@example.org bob@example.org", "Ann <ann @example.org>", "=?utf-8?q?=C3=84?= <ann@example.org>", "x: a@b;",
        "",
    ])
    func `addresses`(value: String) {
        let plain = HeaderAddress.list(Array(value.utf8))
        #expect(HeaderAddress.list(Array("\t\(value)".utf8)) == plain)
    }

    @Test(arguments: ["plain", " two  blanks \r\n", "a ?= b", "=?utf-8?q?x?=", "a\r\n b", "", "\r\n", "a\r\n\r\n"])
    func `text`(value: String) throws {
        let bytes = Array("Subject:\(value.hasSuffix("\n") ? value : value + "\n")\n".utf8)
        let field = try #require(MessageParser.parse(bytes).root.field("subject"))
        #expect(field.text == HeaderText.decode(field.rawValue))
    }

    /// iconv's reading of an octet does not depend on its neighbours in these.
    @Test(arguments: ["koi8-r", "windows-1251", "iso-8859-2", "iso-8859-15", "ibm866"])
    func `charsets of single octets, as Python reads them`(label: String) throws {
        let bytes = [0x41] + Array(UInt8(0x80)...0xFF) + [0x42]
        let script = "import sys; d = sys.stdin.buffer.read(); print(d.decode(sys.argv[1], 'replace'), end='')"
        let name = label == "ibm866" ? "cp866" : label
        let expected = try Python.run(script.replacing("sys.argv[1]", with: "'\(name)'"), input: bytes)
        #expect(Charset.decode(bytes, label: label).text == String(decoding: expected, as: UTF8.self))
    }
}
