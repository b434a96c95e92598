import MailCore
import SMTPCore
import Testing

/// Whole sessions, as they stand in RFCs.
struct DialogueTests {
    private static let message = "Subject: Hello\r\n\r\n.Hello\r\n"

    /// From Ann to people at mx.example.
    private func envelope(
        _ names: String..., notify: NotifyConditions? = nil, options: EnvelopeOptions = .init()
    ) throws -> Envelope {
        Envelope(
            reversePath: .mailbox(try EmailAddress("ann@client.example")),
            recipients: try names.map { EnvelopeRecipient(try EmailAddress("\($0)@mx.example"), notify: notify) },
            options: options)
    }

    @Test func `a server of 1982`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example Simple Mail Transfer Service Ready
            C: EHLO client.example
            S: 500 Syntax error, command unrecognized
            C: HELO client.example
            S: 250 mx.example
            C: MAIL FROM:<ann@client.example>
            S: 250 OK
            C: RCPT TO:<bob@mx.example>
            S: 250 OK
            C: RCPT TO:<cid@mx.example>
            S: 550 No such user here
            C: DATA
            S: 354 Start mail input; end with <CRLF>.<CRLF>
            C: Subject: Hello
            C:
            C: ..Hello
            C: .
            S: 250 OK
            C: QUIT
            S: 221 mx.example Service closing transmission channel
            """
        ).outcomes(of: envelope("bob", "cid"), message: Self.message)
        #expect(outcomes.map(\.action) == [.delivered, .failed])
    }

    @Test func `with PIPELINING the envelope is one piece`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example
            C: EHLO client.example
            S: 250-mx.example
            S: 250-PIPELINING
            S: 250 SIZE 1000000
            C: MAIL FROM:<ann@client.example> SIZE=26
            C: RCPT TO:<bob@mx.example>
            C: RCPT TO:<cid@mx.example>
            C: DATA
            S: 250 2.1.0 OK
            S: 250 2.1.5 OK
            S: 451 4.2.0 Greylisted
            S: 354 Go ahead
            C: Subject: Hello
            C:
            C: ..Hello
            C: .
            S: 250 2.0.0 Queued
            C: QUIT
            S: 221 2.0.0 Bye
            """
        ).outcomes(of: envelope("bob", "cid"), message: Self.message)
        #expect(outcomes.map(\.action) == [.delivered, .deferred])
    }

    @Test func `with CHUNKING too the message needs neither a dot nor a pause`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example
            C: EHLO client.example
            S: 250-mx.example
            S: 250-PIPELINING
            S: 250 CHUNKING
            C: MAIL FROM:<ann@client.example>
            C: RCPT TO:<bob@mx.example>
            C: BDAT 26 LAST
            C: Subject: Hello
            C:
            C: .Hello
            S: 250 OK
            S: 250 OK
            S: 250 2.6.0 26 octets received
            C: QUIT
            S: 221 Bye
            """
        ).outcomes(of: envelope("bob"), message: Self.message)
        #expect(outcomes.map(\.action) == [.delivered])
    }

    @Test(arguments: [true, false])
    func `what is asked of reports goes to a server that knows of them, which then tells of success`(
        hasDSN: Bool
    ) throws {
        let asks = hasDSN ? (" RET=HDRS ENVID=QQ+2B1", " NOTIFY=SUCCESS,FAILURE") : ("", "")
        let outcomes = try Transcript(
            """
            S: 220 mx.example
            C: EHLO client.example
            S: 250-mx.example
            S: 250 \(hasDSN ? "DSN" : "HELP")
            C: MAIL FROM:<ann@client.example>\(asks.0)
            S: 250 OK
            C: RCPT TO:<bob@mx.example>\(asks.1)
            S: 250 OK
            C: RCPT TO:<cid@mx.example>\(asks.1)
            S: 450 4.2.1 Busy
            C: DATA
            S: 354 Go ahead
            C: Subject: Hello
            C:
            C: ..Hello
            C: .
            S: 250 OK
            C: QUIT
            S: 221 Bye
            """
        ).outcomes(
            of: envelope(
                "bob", "cid", notify: [.success, .failure], options: .init(return: .headers, envelopeID: "QQ+1")),
            message: Self.message)
        #expect(outcomes.map(\.isReportedByNextHop) == [hasDSN, false], "of what it did not take we tell")
    }

    @Test func `LMTP answers for each recipient that it took`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example LMTP
            C: LHLO client.example
            S: 250-mx.example
            S: 250 PIPELINING
            C: MAIL FROM:<ann@client.example>
            C: RCPT TO:<bob@mx.example>
            C: RCPT TO:<cid@mx.example>
            C: RCPT TO:<dan@mx.example>
            C: DATA
            S: 250 OK
            S: 250 OK
            S: 550 5.1.1 No such user
            S: 250 OK
            S: 354 Go ahead
            C: Subject: Hello
            C:
            C: ..Hello
            C: .
            S: 250 2.1.5 bob has it
            S: 452 4.2.2 dan has no room
            C: QUIT
            S: 221 Bye
            """
        ).outcomes(.lmtp, of: envelope("bob", "cid", "dan"), message: Self.message)
        #expect(outcomes.map(\.action) == [.delivered, .failed, .deferred])
    }

    @Test func `whoever takes nobody gets no message`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example
            C: EHLO client.example
            S: 250 mx.example
            C: MAIL FROM:<ann@client.example>
            S: 250 OK
            C: RCPT TO:<bob@mx.example>
            S: 556 5.1.10 The domain takes no mail
            C: RSET
            S: 250 OK
            C: QUIT
            S: 221 Bye
            """
        ).outcomes(of: envelope("bob"), message: Self.message)
        #expect(outcomes.map { "\($0.status)" } == ["5.1.10"])
    }

    @Test func `a server that shuts down is left at once, and what it did not take is tried again`() throws {
        let outcomes = try Transcript(
            """
            S: 220 mx.example
            C: EHLO client.example
            S: 250 mx.example
            C: MAIL FROM:<ann@client.example>
            S: 421 4.3.2 Shutting down
            """
        ).outcomes(of: envelope("bob"), message: Self.message)
        #expect(outcomes.map(\.action) == [.deferred])
    }
}
