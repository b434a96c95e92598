import MailCore
import SMTPCore
import Testing

/// Codes are found in what people paste, and other numbers are not taken for some.
@Suite struct ReplyCodesTests {
    private func found(_ text: String) -> [String] {
        ReplyCodes.all(in: text).map { codes in
            [codes.reply.map(String.init), codes.status?.description].compactMap(\.self).joined(separator: " ")
        }
    }

    @Test(arguments: [
        ("451", ["451"]), ("4.7.1", ["4.7.1"]), ("451 4.7.1 Try 4.5.6 later", ["451 4.7.1"]),
        ("451-4.7.1 Greylisted", ["451 4.7.1"]), ("550 5.1.1 5.9.9", ["550 5.1.1", "5.9.9"]),
        ("#5.7.23", ["5.7.23"]), ("\"550 no\"", ["550"]),
    ]) func codesAtTheBeginningCount(text: String, codes: [String]) {
        #expect(found(text) == codes)
    }

    @Test(arguments: [
        (
            "host mx.example.org[192.0.2.1] said: 550 5.1.1 <ann@example.org>: no such user (in reply to RCPT TO command)",
            ["550 5.1.1"]
        ),
        ("host said: 550 No such user", ["550"]),
        ("<ann@example.org>: 452 4.2.2 Over quota", ["452 4.2.2"]),
        (
            "time=2026-11-22T04:44:02.129Z level=info event=refused sid=1K0T ip=127.0.0.1 code=550 reply=\"550 5.1.1 No\"",
            ["550 5.1.1"]
        ),
        (
            "postfix/smtp[423]: 4F1: to=<a@b>, relay=mx[192.0.2.1]:25, delay=450, delays=0.1/0, dsn=4.4.1, status=deferred",
            ["4.4.1"]
        ),
        ("Remote-MTA said 421-4.7.0 Try again. 421 4.7.0 Bye", ["421 4.7.0"]),
        ("Diagnostic-Code: smtp; 554 5.7.1 Relay access denied. It was 5.7.1.", ["554 5.7.1"]),
    ]) func codesAreFoundInWhatQuotesThem(text: String, codes: [String]) {
        #expect(found(text) == codes)
    }

    @Test(arguments: [
        "", "hello", "199", "6.1.1", "5.1", "we sent 450 messages", "size=499", "192.0.2.1", "Exim 4.96.0",
    ])
    func otherNumbersAreNone(text: String) {
        #expect(found(text) == [])
    }

    @Test(arguments: [("250 5.1.1", true), ("550 4.7.1", true), ("550 5.1.1", false), ("550", false), ("5.1.1", false)])
    func theStatusBeginsWithTheDigitOfTheReplyCode(text: String, isContradictory: Bool) {
        #expect(ReplyCodes.all(in: text).map(\.isContradictory) == [isContradictory])
    }
}
