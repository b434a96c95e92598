import MailCore
import SMTPCore
import Testing

struct ParameterTests {
    private func mail(_ parameters: String) throws -> MailParameters {
        let line = "MAIL FROM:<ann@example.org>\(parameters)"
        guard case .mail(let command) = try CommandParser.parse(Array(line.utf8)) else { throw NotThisCommand() }
        return command.parameters
    }

    private func recipient(_ parameters: String) throws -> RecipientCommand {
        let line = "RCPT TO:<ann@example.org>\(parameters)"
        guard case .recipient(let command) = try CommandParser.parse(Array(line.utf8)) else { throw NotThisCommand() }
        return command
    }

    @Test func `MAIL takes what the extensions define, in any case and order`() throws {
        #expect(try mail("").isEmpty)
        #expect(try mail("  ").isEmpty)
        let all = try mail(" size=1000 Body=8bitmime SMTPUTF8 RET=hdrs ENVID=QQ+2B314 AUTH=ann+3Dlee@example.org")
        #expect(all.size == 1_000)
        #expect(all.body == .eightBit)
        #expect(all.smtputf8)
        #expect(all.return == .headers)
        #expect(all.envelopeID == "QQ+314")
        #expect(all.submitter == "ann=lee@example.org")
        #expect(try mail(" AUTH=<>").submitter == "<>")
        #expect(try mail(" BODY=7BIT\tRET=FULL").return == .full)
        #expect(try mail(" BODY=BINARYMIME").body == .binary)
    }

    @Test func `a SIZE that 64 bits do not hold is a very large one`() throws {
        #expect(try mail(" SIZE=0").size == 0)
        #expect(try mail(" SIZE=18446744073709551615").size == .max)
        #expect(try mail(" SIZE=18446744073709551617").size == .max)
        #expect(try mail(" SIZE=99999999999999999999").size == .max)
    }

    @Test(arguments: [
        "SIZE", "SIZE=", "SIZE=-1", "SIZE=+1", "SIZE=0x10", "SIZE=1e23", "SIZE=1.0", "SIZE=999999999999999999999",
        "SIZE=1 SIZE=1", "SIZE=1 size=2", "BODY", "BODY=", "BODY=9BIT", "BODY=8BITMIME,SIZE=1000", "SMTPUTF8=1",
        "SMTPUTF8=",
        "RET", "RET=", "RET=ALL", "ENVID", "ENVID=", "ENVID=a+", "ENVID=a+4", "ENVID=a+GG", "ENVID=+0D+0A", "ENVID=+00",
        "ENVID=a=b", "ENVID=+FF", "AUTH", "AUTH=", "=1", "-A=1", "SIZE=1x", "SIZE =1",
    ])
    func `what MAIL's parameters cannot hold is a bad argument`(parameter: String) {
        #expect(replyCode("MAIL FROM:<ann@example.org> \(parameter)") == 501)
    }

    @Test(arguments: ["X", "X=1", "XSIZE=1", "NOTIFY=NEVER", "ORCPT=rfc822;a", "TRANSID=<1@a>", "BY=1;R"])
    func `a parameter that nobody offered is not recognised (555)`(parameter: String) {
        #expect(replyCode("MAIL FROM:<ann@example.org> \(parameter)") == 555)
    }

    @Test func `ENVID and AUTH have their bounds`() {
        #expect(replyCode("MAIL FROM:<> ENVID=" + String(repeating: "a", count: 100)) == nil)
        #expect(replyCode("MAIL FROM:<> ENVID=" + String(repeating: "a", count: 101)) == 501)
        #expect(replyCode("MAIL FROM:<> AUTH=" + String(repeating: "a", count: 500)) == nil)
        #expect(replyCode("MAIL FROM:<> AUTH=" + String(repeating: "a", count: 501)) == 501)
    }

    @Test(
        arguments: [
            ("NEVER", .never), ("SUCCESS", .success), ("failure,delay", [.failure, .delay]),
            ("SUCCESS,FAILURE,DELAY", [.success, .failure, .delay]), ("DELAY,DELAY", .delay),
        ] as [(String, NotifyConditions)])
    func `RCPT says when the sender wants to hear of it`(text: String, conditions: NotifyConditions) throws {
        #expect(try recipient(" NOTIFY=\(text)").notify == conditions)
    }

    @Test func `RCPT says who the first sender meant`() throws {
        #expect(try recipient("").original == nil)
        let original = try recipient(" ORCPT=RFC822;Ann+2BLee@example.org").original
        #expect(original == OriginalRecipient(addressType: "rfc822", address: "Ann+Lee@example.org"))
        #expect(try recipient(" ORCPT=utf-8;grüße@example.org").original?.address == "grüße@example.org")
    }

    @Test(arguments: [
        "NOTIFY", "NOTIFY=", "NOTIFY=NEVER,SUCCESS", "NOTIFY=SOMETIMES", "NOTIFY=SUCCESS,", "NOTIFY=,",
        "NOTIFY=A NOTIFY=B",
        "ORCPT", "ORCPT=", "ORCPT=ann@example.org", "ORCPT=;ann@example.org", "ORCPT=rfc822;", "ORCPT=rfc 822;a",
        "ORCPT=rfc822;a+0A", "ORCPT=rfc822;a+", "NOTIFY=SUCCESS NOTIFY=SUCCESS",
    ])
    func `what RCPT's parameters cannot hold is a bad argument`(parameter: String) {
        #expect(replyCode("RCPT TO:<ann@example.org> \(parameter)") == 501)
    }

    @Test(arguments: ["X", "SIZE=1", "BODY=7BIT", "RRVS=2014-04-03T23:01:00Z"])
    func `RCPT knows parameters of its own only`(parameter: String) {
        #expect(replyCode("RCPT TO:<ann@example.org> \(parameter)") == 555)
    }

    @Test func `ORCPT has at most 500 octets`() {
        #expect(replyCode("RCPT TO:<ann@example.org> ORCPT=rfc822;" + String(repeating: "a", count: 493)) == nil)
        #expect(replyCode("RCPT TO:<ann@example.org> ORCPT=rfc822;" + String(repeating: "a", count: 494)) == 501)
    }
}
