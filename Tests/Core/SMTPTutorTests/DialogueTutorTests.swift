import SMTPTutor
import Testing

@Suite struct DialogueTutorTests {
    @Test func `the whole way of a message can be gone with the next step alone`() throws {
        var lesson = Lesson()
        #expect(lesson.tutor.awaitsReply)
        #expect(try lesson.server("220 mx.example.org ESMTP").last == "next: EHLO me.example.net")
        #expect(lesson.type("!") == ["> EHLO me.example.net"])
        #expect(try lesson.server("250 mx.example.org").last == "next: MAIL FROM:<you@example.net>")
        _ = lesson.type("!")
        #expect(try lesson.server("250 Ok").last == "next: RCPT TO:<ann@example.org>")
        _ = lesson.type("!")
        #expect(try lesson.server("250 Ok").last == "next: DATA")
        _ = lesson.type("!")
        #expect(try lesson.server("354 Go on").tells("A line with a single dot ends it"))
        #expect(lesson.type("!").last == "> .")
        #expect(try lesson.server("250 2.0.0 Taken").last == "next: QUIT")
        _ = lesson.type("!")
        #expect(try lesson.server("221 Bye").tells("Goodbye"))
        #expect(lesson.close().isEmpty && lesson.hasEnded)
        #expect(
            lesson.sent.hasPrefix("EHLO me.example.net\r\nMAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\n")
        )
        #expect(lesson.sent.hasSuffix("\r\n\r\nThis is a message by hand.\r\n.\r\nQUIT\r\n"))
    }

    @Test func `what the server offers is told line by line`() throws {
        var lesson = try Lesson.after()
        _ = lesson.type("EHLO me")
        let told = try lesson.server("250-mx.example.org\n250-SIZE 52428800\n250-PIPELINING\n250 X-OWN")
        #expect(
            told.prefix(4) == [
                "< 250-mx.example.org", "< 250-SIZE 52428800 | the biggest message it takes: 52 MB",
                "< 250-PIPELINING | several commands may be sent without waiting", "< 250 X-OWN",
            ])
    }

    @Test(arguments: [
        ([], "MAIL FROM:<a@example.net>", "who you are"),
        (["EHLO me"], "RCPT TO:<ann@example.org>", "Recipients come after MAIL FROM"),
        (["EHLO me"], "DATA", "The message comes last"),
        (["EHLO me", "MAIL FROM:<>"], "DATA", "name a recipient with RCPT TO first"),
        (["EHLO me", "MAIL FROM:<>"], "MAIL FROM:<>", "RSET forgets it"),
    ])
    func `a wrong order is explained where the server minds`(before: [String], line: String, why: String) throws {
        var lesson = Lesson()
        _ = try lesson.server("220 mx.example.org")
        for line in before {
            _ = lesson.type(line)
            _ = try lesson.server("250 Ok")
        }
        var tolerant = lesson
        #expect(!lesson.type(line).tells(why))
        #expect(try lesson.server("503 5.5.1 Bad sequence").tells(why))
        _ = tolerant.type(line)
        #expect(!(try tolerant.server("250 Ok").tells(why)))
    }

    @Test func `a slip of writing is told with the right form`() throws {
        var lesson = try Lesson.after("EHLO me")
        _ = lesson.type("MAIL ann@example.org")
        #expect(try lesson.server("501 5.5.4 Syntax").tells("It is written so: MAIL FROM:<reverse-path>"))
        _ = lesson.type("HELLO")
        #expect(try lesson.server("500 5.5.1 What?").tells("EHLO, MAIL, RCPT, DATA and QUIT, in this order"))
    }

    @Test func `a bare LF goes out as such and is explained`() throws {
        var lesson = try Lesson.after()
        #expect(lesson.type("!lf NOOP") == ["This goes out with LF alone at its end, where CR LF belongs."])
        #expect(lesson.sent == "NOOP\n")
        #expect(lesson.tutor.awaitsReply)
        #expect(try lesson.server("500 5.5.2 Bare LF").tells("servers that take it for one can be tricked"))
        _ = lesson.type("!lf NOOP")
        #expect(lesson.wait().tells("it still waits for the end of a line"))
        #expect(!lesson.tutor.awaitsReply)
    }

    @Test func `a 4 and a 5 are told apart, and 421 is a goodbye`() throws {
        var lesson = try Lesson.after("EHLO me", "MAIL FROM:<>")
        _ = lesson.type("RCPT TO:<ann@example.org>")
        #expect(try lesson.server("450 4.2.0 Greylisted").tells("the same may work later"))
        _ = lesson.type("RCPT TO:<bob@example.org>")
        #expect(try lesson.server("550 5.1.1 No such user").tells("will not work later either"))
        #expect(lesson.type("?").last == "next: RCPT TO:<ann@example.org>")
        #expect(try lesson.server("421 4.4.2 Too slow").tells("without being asked. 421 is also a goodbye"))
        #expect(lesson.type("NOOP").isEmpty && lesson.hasEnded)
    }

    @Test func `what is no lesson in plain text is not sent`() throws {
        var lesson = try Lesson.after("EHLO me")
        let sent = lesson.sent
        #expect(lesson.type("STARTTLS").tells("It was not sent"))
        #expect(lesson.type("BDAT 5 LAST").tells("It was not sent"))
        #expect(lesson.type(String(repeating: "x", count: 10_001)).tells("was not sent"))
        #expect(lesson.sent == sent && !lesson.tutor.awaitsReply)
    }

    @Test(arguments: [
        ("MAIL", "It is written so: MAIL FROM:"), ("pipelining", "several commands"), ("450", "not now"),
        ("nonsense", "There is nothing to tell"),
    ])
    func `a word is explained on demand and nothing is sent`(word: String, text: String) throws {
        var lesson = try Lesson.after("EHLO me")
        #expect(lesson.type("? \(word)").tells(text))
        #expect(lesson.sent == "EHLO me\r\n" && !lesson.tutor.awaitsReply)
    }

    @Test func `leaving without QUIT is told`() throws {
        var lesson = try Lesson.after("EHLO me")
        #expect(lesson.endInput().tells("a client should say QUIT"))
        #expect(lesson.hasEnded)
    }

    @Test func `a server that leaves is told`() throws {
        var lesson = try Lesson.after("EHLO me")
        _ = lesson.type("NOOP")
        #expect(lesson.close().tells("The server closed the connection"))
        #expect(lesson.hasEnded)
    }
}
