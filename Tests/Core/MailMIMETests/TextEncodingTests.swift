import Foundation
import MailCore
import MailMIME
import Testing

/// Text travels in the encoding that changes least of it, and always as seven bits unless eight are allowed.
@Suite struct TextEncodingTests {
    static let paragraph = (1...60).map { "word\($0)" }.joined(separator: " ")

    @Test(arguments: [
        ("short\n", "7bit"), (paragraph + "\n", "7bit"), ("Viele Grüße aus Berlin\n", "quoted-printable"),
        ("世界へようこそ、お元気ですか\n", "base64"), ("blank \n" + paragraph, "quoted-printable"),
        (String(repeating: "x", count: 300) + "\n", "quoted-printable"), ("bell\u{7}\n", "quoted-printable"),
    ])
    func theEncodingFollowsFromTheText(text: String, encoding: String) throws {
        #expect(try readBack(message(text))["Content-Transfer-Encoding"] == [encoding])
    }

    @Test(arguments: [
        paragraph, paragraph + "\n-- \nAnn\n", "> quoted\n" + paragraph, " indented " + paragraph,
        paragraph + "\nFrom here\n\n> " + paragraph + "\n", "a  b   " + paragraph,
    ])
    func longLinesFlowAndReadBack(text: String) throws {
        let parsed = try readBack(message(text))
        #expect(parsed["Content-Type"] == ["text/plain; charset=\"utf-8\"; format=\"flowed\""])
        let expected = text.hasSuffix("\n") ? text : text + "\n"
        #expect(parsed.text == Data(expected.replacing("\n", with: "\r\n").utf8))
    }

    @Test func eightBitsTravelOnlyWhereAllowed() throws {
        #expect(try !message("Grüße\n").needs8BitMIME)
        let message = try message("Grüße\n", allows8Bit: true)
        #expect(message.needs8BitMIME)
        let parsed = try readBack(message, isSevenBit: false)
        #expect(parsed["Content-Transfer-Encoding"] == ["8bit"])
        #expect(parsed.text == Data("Grüße\r\n".utf8))
    }

    @Test func noLineOfEightBitsIsLongerThan998() throws {
        let text = String(repeating: "ü", count: 500) + "\n"
        let message = try message(text, allows8Bit: true)
        #expect(!message.needs8BitMIME)
        #expect(try readBack(message).text == Data(text.replacing("\n", with: "\r\n").utf8))
    }

    private func message(_ text: String, allows8Bit: Bool = false) throws -> MailMessage {
        try MailMessage(
            from: "ann@example.org", to: ["bob@example.org"], subject: "Text", text: text,
            date: Timestamp(microseconds: 0), messageID: "1@example.org", allows8Bit: allows8Bit)
    }
}
