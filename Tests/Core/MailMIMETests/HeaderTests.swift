import MailCore
import MailMIME
import Testing

/// What the header says, and whom it does not name.
@Suite struct HeaderTests {
    @Test func blindCopiesAreRecipientsThatNoFieldNames() throws {
        let message = try message(to: ["ann@example.org"], cc: ["bob@example.org"], bcc: ["eve@example.org"])
        #expect(message.recipients.map(\.description) == ["ann@example.org", "bob@example.org", "eve@example.org"])
        #expect(!String(decoding: message.bytes, as: UTF8.self).contains("eve"))
    }

    @Test func whoIsNamedTwiceGetsTheMessageOnce() throws {
        let message = try message(to: ["ann@example.org", "Ann <ann@example.org>"], bcc: ["ann@example.org"])
        #expect(message.recipients.map(\.description) == ["ann@example.org"])
    }

    @Test func aMessageToNobodyVisibleSaysSo() throws {
        let parsed = try readBack(message(to: [], bcc: ["eve@example.org"]))
        #expect(parsed["To"] == ["undisclosed-recipients:;"])
    }

    @Test func answersNameWhatTheyAnswer() throws {
        let thread = (1...40).map { "\($0).abcdefghijklmnop@mail.example.org" }
        let parsed = try readBack(message(replyTo: ["Büro <b@example.org>"], inReplyTo: ["40@x"], references: thread))
        #expect(parsed.replyTo == [["Büro", "b@example.org"]])
        #expect(parsed["In-Reply-To"] == ["<40@x>"])
        #expect(parsed["References"] == [thread.map { "<\($0)>" }.joined(separator: " ")])
    }

    @Test(arguments: [
        "plain", "", "two  spaces   within", " around ", "Grüße aus Köln", "=?utf-8?q?no_word?=", "tab\there",
        String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 2_000),
    ])
    func furtherFieldsReadBack(value: String) throws {
        let parsed = try readBack(message(fields: [MailField("X-Note", value), MailField("X-Note", "again")]))
        #expect(parsed["X-Note"] == [value, "again"])
    }

    @Test func addressesInFurtherFieldsAreNeverEncoded() throws {
        let link = "<https://example.org/\(String(repeating: "u", count: 100))>, <mailto:leave@example.org>"
        let wire = String(
            decoding: try message(fields: [MailField(parsing: "List-Unsubscribe: \(link)")]).bytes, as: UTF8.self)
        #expect(wire.contains("\r\nList-Unsubscribe:\r\n \(link.replacing(", ", with: ",\r\n "))\r\n"))
        #expect(throws: CompositionError.self) { try MailField("Resent-To", "Jürgen <j@example.org>") }
    }

    @Test(arguments: [
        ("ann@example.org", nil, "ann@example.org"),
        (" Ann Author <ann@example.org> ", "Ann Author", "ann@example.org"),
        ("\"Author, \\\"Ann\\\"\" <ann@example.org>", "Author, \"Ann\"", "ann@example.org"),
        ("<ann@example.org>", nil, "ann@example.org"), ("鈴木 <s@example.org>", "鈴木", "s@example.org"),
        ("A <b> C <ann@example.org>", "A <b> C", "ann@example.org"),
    ])
    func mailboxesAreReadAsPeopleTypeThem(text: String, name: String?, address: String) throws {
        let mailbox = try Mailbox(parsing: text)
        #expect(mailbox.displayName == name)
        #expect(mailbox.address.description == address)
    }

    @Test(arguments: ["", "ann", "Ann <ann>", "<>", ">", "ann@example.org, bob@example.org", "ann@example.org>"])
    func whatIsNoMailboxIsRefused(text: String) {
        #expect(throws: CompositionError.self) { try Mailbox(parsing: text) }
    }

    private func message(
        to: [Mailbox] = ["ann@example.org"], cc: [Mailbox] = [], bcc: [Mailbox] = [], replyTo: [Mailbox] = [],
        inReplyTo: [String] = [], references: [String] = [], fields: [MailField] = []
    ) throws -> MailMessage {
        try MailMessage(
            from: "you@example.org", to: to, cc: cc, bcc: bcc, replyTo: replyTo, subject: "Header", text: "a\n",
            date: Timestamp(microseconds: 0), messageID: "1@example.org", inReplyTo: inReplyTo, references: references,
            fields: fields)
    }
}
