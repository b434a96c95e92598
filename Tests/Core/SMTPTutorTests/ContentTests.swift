import SMTPTutor
import Testing

/// Lessons within a message.
@Suite struct ContentTests {
    private func lesson() throws -> Lesson {
        try Lesson.after("EHLO me", "MAIL FROM:<>", "RCPT TO:<ann@example.org>", "DATA")
    }

    @Test(arguments: ["QUIT", "quit ", "MAIL FROM:<a@example.net>", "RCPT TO:<b@example.org>", "EHLO me", "RSET"])
    func `a command within the message means that the dot is missing`(line: String) throws {
        var lesson = try lesson()
        _ = lesson.type("Subject: Hello")
        let told = lesson.type(line)
        #expect(told.tells("That was no command"))
        #expect(told.last == "next: .")
        #expect(lesson.sent.hasSuffix("\r\n\(line)\r\n") && !lesson.tutor.awaitsReply)
    }

    @Test(arguments: ["Mail is fine.", "Quit smoking", "Data: none", "Help!"])
    func `a word that is also a command is no slip`(line: String) throws {
        var lesson = try lesson()
        _ = lesson.type("Subject: Hello")
        _ = lesson.type("")
        #expect(lesson.type(line).isEmpty)
    }

    @Test func `an end of input within the message means that it is lost`() throws {
        var lesson = try lesson()
        _ = lesson.type("Subject: Hello")
        #expect(lesson.endInput().tells("there was no line with a single dot"))
    }

    @Test func `the dot in front of a dot is explained once`() throws {
        var lesson = try lesson()
        _ = lesson.type("Subject: Hello")
        #expect(lesson.type(".hidden").tells("one dot more in front"))
        #expect(lesson.type(".hidden").isEmpty)
    }

    @Test func `a message that begins with text is told about header fields`() throws {
        var lesson = try lesson()
        #expect(lesson.type("Dear Ann").tells("A message begins with header fields"))
        #expect(lesson.type("how are you").isEmpty)
    }

    @Test func `question and exclamation marks within the text are text`() throws {
        var lesson = try lesson()
        _ = lesson.type("Subject: Hello")
        #expect(lesson.type("? really").isEmpty && lesson.type("!lf x").isEmpty)
        #expect(lesson.sent.hasSuffix("? really\r\n!lf x\r\n"))
        #expect(lesson.type("?").last == "next: .")
        #expect(lesson.type("!") == ["> ."])
        #expect(try lesson.server("550 5.7.1 Spam").tells("The server did not take the message"))
        #expect(lesson.type("?").last == "next: MAIL FROM:<you@example.net>")
    }

    @Test func `a line that is too long for mail is told`() throws {
        var lesson = try lesson()
        #expect(lesson.type("X-Long: " + String(repeating: "x", count: 998)).tells("at most 998 octets"))
    }
}
