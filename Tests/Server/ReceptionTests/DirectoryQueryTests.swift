import Testing

/// VRFY, EXPN and HELP (RFC 5321 §3.5).
struct DirectoryQueryTests {
    @Test(arguments: [
        ("VRFY ann", "250 2.1.5 <ann@example.org>"),
        ("VRFY away@example.org", "251 2.1.5 User not local; will forward to <away@example.net>"),
        ("VRFY gone@example.org", "551 5.1.6 User has moved; please try <gone@example.net>"),
        ("VRFY nobody@example.org", "550 5.1.1 No such user here"),
        ("VRFY someone@example.net", "252 2.5.0 I cannot tell, but would try to send it a message"),
        ("EXPN staff", "250-2.1.5 <ann@example.org>\n250 2.1.5 <bob@example.org>"),
        ("EXPN nothing", "550 5.1.1 No such mailing list here"),
    ]) func `a trusted peer is told`(command: String, reply: String) async throws {
        let server = try await ReceptionServer(isTrusted: true)
        #expect(try await server.replies(to: command) == [reply])
        await server.stop()
    }

    @Test func `a stranger learns of no user and no list`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        let replies = try await server.replies(
            to: "VRFY ann@example.org", "VRFY nobody@example.org", "EXPN staff@example.org", "EXPN nothing")
        #expect(replies[0].hasPrefix("252 "))
        #expect(replies[1] == replies[0])
        #expect(replies[2].hasPrefix("502 "))
        #expect(replies[3] == replies[2])
        await server.stop()
    }

    @Test func `the state of the system is told to a trusted peer`() async throws {
        let server = try await ReceptionServer(isTrusted: true)
        #expect(try await server.replies(to: "HELP STATUS")[0].contains("All is well"))
        await server.stop()
    }
}
