import MailCore
import MailMIME
import Testing

/// No value can end its line and go on as a field or a body of its own.
@Suite struct InjectionTests {
    let ann: Mailbox

    init() throws { ann = try Mailbox(EmailAddress("ann@example.org")) }

    @Test(arguments: ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b", "\r\n\r\nbody"])
    func lineEndsAndNULAreRefused(value: String) throws {
        let address = try EmailAddress("ann@example.org")
        #expect(throws: CompositionError.controlCharacter(in: "display name")) {
            try Mailbox(address, displayName: value)
        }
        #expect(throws: CompositionError.controlCharacter(in: "file name")) {
            try MailAttachment(fileName: value, bytes: [])
        }
        #expect(throws: CompositionError.controlCharacter(in: "subject")) { try message(subject: value) }
        #expect(throws: CompositionError.messageID("\(value)@example.org")) {
            try message(messageID: "\(value)@example.org")
        }
        #expect(throws: CompositionError.messageID("\(value)@b")) { try message(references: ["a@b", "\(value)@b"]) }
        #expect(throws: CompositionError.messageID("\(value)@b")) { try message(inReplyTo: ["\(value)@b"]) }
        #expect(throws: CompositionError.controlCharacter(in: "value of X-Note")) { try MailField("X-Note", value) }
        #expect(throws: CompositionError.self) { try MailField("X-\(value)", "a") }
        #expect(throws: CompositionError.contentType("text/\(value)")) {
            try MailAttachment(fileName: "a", contentType: "text/\(value)", bytes: [])
        }
        #expect(throws: CompositionError.contentID(value)) {
            try MailAttachment(fileName: "a", contentID: value, bytes: [])
        }
        #expect(throws: CompositionError.self) { try Mailbox(parsing: "\(value) <ann@example.org>") }
        #expect(throws: CompositionError.self) { try Mailbox(parsing: "<ann\(value)@example.org>") }
        let literal = EmailAddress(localPart: address.localPart, host: .general(tag: "x", content: value))
        #expect(throws: CompositionError.controlCharacter(in: "address")) { try Mailbox(literal) }
    }

    @Test func aNULInTheTextIsRefused() {
        #expect(throws: CompositionError.nul(in: "text")) { try message(text: "a\0b") }
        #expect(throws: CompositionError.nul(in: "HTML")) { try message(html: "a\0b") }
    }

    @Test func textThatLooksLikeAHeaderStaysText() throws {
        let text = "Bcc: eve@example.org\n\n.\r\n--\nContent-Type: text/html\n"
        let parsed = try readBack(message(text: text))
        #expect(parsed["Bcc"].isEmpty)
        #expect(parsed.structure == "plain")
    }

    @Test(arguments: [
        "Subject", "from", "BCC", "Message-ID", "MIME-Version", "Content-Type", "content-ID", "", "a b", "a:b", "ü",
    ])
    func fieldsOfTheMessageItselfCannotBeAddedAgain(name: String) {
        #expect(throws: CompositionError.self) { try MailField(name, "a") }
    }

    @Test func aTextMayHaveLinesButNoNUL() {
        #expect("\(CompositionError.nul(in: "text"))" == "the text holds a NUL")
    }

    @Test func otherFieldsOfMIMECanBeAdded() throws {
        #expect(try MailField("Content-Language", "de").value == "de")
    }

    @Test func valuesHaveALimit() {
        let long = String(repeating: "x", count: 40_000)
        #expect(throws: CompositionError.tooLong("subject", limit: 32_768)) { try message(subject: long) }
        #expect(throws: CompositionError.tooLong("value of X-Note", limit: 32_768)) { try MailField("X-Note", long) }
    }

    @Test(arguments: [
        "", "text", "text/", "/plain", "text/plain; x=y", "a/b/c", "te xt/plain", "message/rfc822", "multipart/mixed",
        "text/plain\r\nX: y",
    ])
    func contentTypesThatCannotBeCarriedAreRefused(type: String) {
        #expect(throws: CompositionError.contentType(type)) {
            try MailAttachment(fileName: "a", contentType: type, bytes: [])
        }
    }

    @Test(arguments: ["", "left", "@right", "left@", "a@b@c", "<a@b>", "a b@c"])
    func messageIDsAreOfTwoParts(text: String) {
        #expect(throws: CompositionError.messageID(text)) { try message(messageID: text) }
    }

    @Test(arguments: [
        ("photo.JPG", "image/jpeg"), ("a.tar.gz", "application/gzip"), ("README", "application/octet-stream"),
        (".txt", "application/octet-stream"), ("x.unheard", "application/octet-stream"), ("notes.txt", "text/plain"),
    ])
    func theContentTypeFollowsFromTheFileName(name: String, type: String) {
        #expect(ContentType.of(fileName: name) == type)
    }

    private func message(
        subject: String = "a", text: String = "a", html: String? = nil, messageID: String = "a@b",
        inReplyTo: [String] = [], references: [String] = []
    ) throws -> MailMessage {
        try MailMessage(
            from: ann, to: [ann], subject: subject, text: text, html: html, date: Timestamp(microseconds: 0),
            messageID: messageID, inReplyTo: inReplyTo, references: references)
    }
}
