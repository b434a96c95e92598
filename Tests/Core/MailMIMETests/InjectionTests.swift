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
        let literal = EmailAddress(localPart: address.localPart, host: .general(tag: "x", content: value))
        #expect(throws: CompositionError.controlCharacter(in: "address")) { try Mailbox(literal) }
    }

    @Test func aNULInTheTextIsRefused() {
        #expect(throws: CompositionError.controlCharacter(in: "text")) { try message(text: "a\0b") }
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
        subject: String = "a", text: String = "a", messageID: String = "a@b"
    ) throws -> MailMessage {
        try MailMessage(
            from: ann, to: [ann], subject: subject, text: text, date: Timestamp(microseconds: 0), messageID: messageID)
    }
}
