import Foundation
import MailCore
import MailMIME
import Testing

/// The parts of a message lie in each other as readers expect them: mixed > related > alternative.
@Suite struct ContentTreeTests {
    @Test func thereIsNoTreeAroundOnePart() throws {
        #expect(try readBack(message(text: "a")).structure == "plain")
        #expect(try readBack(message(html: "<p>a")).structure == "html")
        #expect(try readBack(message()).structure == "plain")
    }

    @Test func readersChooseBetweenTextAndHTML() throws {
        let parsed = try readBack(message(text: "Grüße\n", html: "<p>Grüße</p>\n"))
        #expect(parsed.structure == "alternative(plain html)")
        #expect(parsed.text == Data("Grüße\r\n".utf8))
        #expect(parsed.html == Data("<p>Grüße</p>\r\n".utf8))
    }

    @Test func picturesOfTheHTMLAreRelatedToIt() throws {
        let html = "<img src='cid:logo@example.org'>\n"
        let parsed = try readBack(message(html: html, attachments: [logo()]))
        #expect(parsed.structure == "related(html png)")
        #expect(parsed.attachments.map(\.contentID) == ["<logo@example.org>"])
        #expect(parsed.html == Data(html.replacing("\n", with: "\r\n").utf8))
    }

    @Test func everythingAtOnce() throws {
        let report = try MailAttachment(fileName: "report.pdf", bytes: [1, 2, 3])
        let parsed = try readBack(message(text: "a", html: "<p>a", attachments: [report, logo(), report]))
        #expect(parsed.structure == "mixed(related(alternative(plain html) png) pdf pdf)")
        #expect(parsed.attachments.map(\.fileName) == ["logo.png", "report.pdf", "report.pdf"])
    }

    @Test func withoutHTMLAPictureStandsBesideTheText() throws {
        #expect(try readBack(message(text: "a", attachments: [logo()])).structure == "mixed(plain png)")
        #expect(try readBack(message(attachments: [logo()])).structure == "mixed(png)")
    }

    @Test func noTextPassesForTheLineBetweenParts() throws {
        let first = String(decoding: try message(text: "a", html: "a", attachments: [logo()]).bytes, as: UTF8.self)
        let boundaries = try first.matches(of: Regex(#"boundary="([^"]+)""#)).map { String($0[1].substring ?? "") }
        #expect(boundaries.count == 2)
        let hostile = boundaries.map { "--\($0)\n--\($0)--\n" }.joined()
        let parsed = try readBack(message(text: hostile, html: hostile, attachments: [logo()]))
        #expect(parsed.structure == "related(alternative(plain html) png)")
        #expect(parsed.text == Data(hostile.replacing("\n", with: "\r\n").utf8))
    }

    @Test func twoPartsCannotBearOneContentID() {
        #expect(throws: CompositionError.contentIDTwice("logo@example.org")) {
            try message(html: "a", attachments: [logo(), logo()])
        }
    }

    private func logo() throws -> MailAttachment {
        try MailAttachment(fileName: "logo.png", contentID: "logo@example.org", bytes: Array(0...255))
    }

    private func message(
        text: String? = nil, html: String? = nil, attachments: [MailAttachment] = []
    ) throws -> MailMessage {
        try MailMessage(
            from: "ann@example.org", to: ["bob@example.org"], subject: "Tree", text: text, html: html,
            attachments: attachments, date: Timestamp(microseconds: 0), messageID: "1@example.org")
    }
}
