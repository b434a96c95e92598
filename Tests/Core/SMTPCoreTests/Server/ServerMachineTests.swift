import MailCore
import NIOCore
import SMTPCore
import SMTPTesting
import Testing

/// What no dialogue can show, because it takes a clock, an administrator, or a server with trouble of its own.
struct ServerMachineTests {
    private static let greeted = "EHLO c\r\nMAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\n"

    private func run(_ input: String, _ configuration: SMTPServerConfiguration? = nil) -> MachineRun {
        var run = MachineRun(configuration ?? SMTPServerConfiguration(hostname: "mail.example.org"))
        run.begin()
        run.receive(input.utf8)
        return run
    }

    private func codes(_ run: MachineRun) -> [Int] { run.replies.map(\.code) }

    @Test func `a shutdown waits for the transaction`() {
        var run = run(Self.greeted)
        run.tell { $0.shutDown() }
        #expect(!run.isClosed)
        run.receive("DATA\r\nx\r\n.\r\nNOOP\r\n".utf8)
        #expect(codes(run).suffix(3) == [354, 250, 421])
        #expect(run.isClosed && run.stored.count == 1)
    }

    @Test func `a shutdown ends an idle session at once`() {
        var run = run("EHLO c\r\n")
        run.tell { $0.shutDown() }
        #expect(codes(run) == [220, 250, 421])
        #expect(run.isClosed)
    }

    @Test(arguments: ["", "DATA\r\nhalf a mess", "BDAT 100\r\nhalf a mess", "BDAT 3\r\nabc"])
    func `a peer that waits too long hears 421, and its message is forgotten`(input: String) {
        var run = run(Self.greeted + input)
        run.tell { $0.timedOut() }
        #expect(codes(run).last == 421)
        #expect(run.events.suffix(3).first == .abandoned)
        #expect(run.isClosed && run.stored.isEmpty)
        run.tell { $0.timedOut() }
        #expect(run.events.filter { $0 == .closed }.count == 1)
    }

    @Test(arguments: [
        "", "DATA\r\nhalf a mess", "DATA\r\nx\r\n.\r", "BDAT 100 LAST\r\nhalf", "BDAT 3\r\nabc", "DATA\r\nbare\nLF",
    ])
    func `a message whose peer goes away is forgotten, once`(input: String) {
        var run = run(Self.greeted + input)
        run.inputEnded()
        #expect(run.events.filter { $0 == .abandoned }.count == 1)
        #expect(run.isClosed && run.stored.isEmpty)
    }

    @Test func `what the peer sent before it went away is still worked off`() {
        var run = run(Self.greeted + "DATA\r\nx\r\n.\r\n")
        run.inputEnded()
        #expect(run.stored.count == 1)
    }

    @Test func `a refused content is told once and forgotten once`() {
        let chunked = run(Self.greeted + "BDAT 3\r\na\nbBDAT 3\r\nabcRSET\r\n")
        #expect(codes(chunked).suffix(3) == [550, 503, 250])
        #expect(chunked.events.filter { $0 == .abandoned }.count == 1)
        let dotted = run(Self.greeted + "DATA\r\na\nb\r\nc\nd\r\n.\r\nRSET\r\n")
        #expect(codes(dotted).suffix(3) == [354, 550, 250])
        #expect(dotted.events.filter { $0 == .abandoned }.count == 1)
    }

    @Test func `nothing said in clear counts after STARTTLS, and nothing behind it is heard`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.offersTLS = true
        var run = run(Self.greeted + "STARTTLS\r\nNOOP\r\n", configuration)
        #expect(codes(run) == [220, 250, 250, 250, 220])
        #expect(run.events.suffix(3).first == .abandoned)
        run.receive("MAIL FROM:<>\r\nEHLO c\r\nSTARTTLS\r\n".utf8)
        #expect(codes(run).suffix(3) == [503, 250, 502])
        #expect(run.replies.suffix(2).first?.lines.contains("STARTTLS") == false)
    }

    @Test func `REQUIRETLS is offered and taken over TLS only`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.offersTLS = true
        let mail = "MAIL FROM:<a@example.net> REQUIRETLS\r\n"
        var run = run("EHLO c\r\n\(mail)STARTTLS\r\n", configuration)
        #expect(codes(run) == [220, 250, 555, 220])
        #expect(run.replies[1].lines.contains("REQUIRETLS") == false)
        run.receive("EHLO c\r\n\(mail)".utf8)
        #expect(codes(run).suffix(2) == [250, 250])
        #expect(run.replies[4].lines.contains("REQUIRETLS"))
    }

    @Test func `with implicit TLS the greeting comes after the handshake, and STARTTLS is not offered`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.offersTLS = true
        var run = MachineRun(configuration, beginsWithTLS: true)
        run.begin()
        #expect(run.events == [])
        run.tell { $0.tlsEstablished() }
        run.receive("EHLO c\r\n".utf8)
        #expect(codes(run) == [220, 250])
        #expect(run.replies.last?.lines.contains("STARTTLS") == false)
    }

    @Test func `BINARYMIME is for BDAT, and keeps every octet`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.offersBinary = true
        let mail = "EHLO c\r\nMAIL FROM:<> BODY=BINARYMIME\r\nRCPT TO:<ann@example.org>\r\n"
        #expect(codes(run(mail + "DATA\r\n", configuration)).last == 503)
        let stored = run(mail + "BDAT 5 LAST\r\n\0\r\n\n\r", configuration).stored
        #expect(stored.map(\.content) == [[0, 13, 10, 10, 13]])
    }

    @Test func `the largest limit of all can be configured`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.limits.content.size = .max
        let run = run(Self.greeted + "BDAT 3\r\nabcBDAT 18446744073709551615\r\n", configuration)
        #expect(codes(run).last == 250)
        #expect(run.isInTransaction)
    }

    @Test func `the last chunk over LMTP has a reply for each recipient, refused or not`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org", kind: .lmtp)
        configuration.limits.content.size = 10
        let mail = "LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.org>\r\nRCPT TO:<bob@example.org>\r\n"
        let run = run(mail + "BDAT 6\r\nabcdefBDAT 6 LAST\r\nabcdefNOOP\r\n", configuration)
        #expect(codes(run).suffix(4) == [250, 552, 552, 250])
    }

    @Test(arguments: [451, 452, 554])
    func `what the spool answers is what the peer hears`(code: Int) {
        var machine = SMTPServerMachine(configuration: SMTPServerConfiguration(hostname: "mail.example.org"))
        machine.receive(ByteBuffer(string: Self.greeted + "DATA\r\nx\r\n.\r\nNOOP\r\n"))
        let status = EnhancedStatusCode(code < 500 ? .persistentTransientFailure : .permanentFailure, 3, 0)
        var codes: [Int] = []
        while let action = machine.next() {
            if case .reply(let reply) = action { codes.append(reply.code) }
            guard case .ask(let question) = action else { continue }
            machine.answer(question == .message ? .refuse(SMTPReply(code, status, "Trouble")) : .accept())
        }
        #expect(codes.suffix(2) == [code, 250])
        #expect(!machine.isInTransaction)
    }

    @Test func `a peer that is turned away may only leave`() {
        var machine = SMTPServerMachine(configuration: SMTPServerConfiguration(hostname: "mail.example.org"))
        machine.receive(ByteBuffer(string: "EHLO c\r\nNOOP\r\nQUIT\r\n"))
        var codes: [Int] = []
        while let action = machine.next() {
            if case .reply(let reply) = action { codes.append(reply.code) }
            if case .ask = action { machine.answer(.refuse(SMTPReply(554, "No service"))) }
        }
        #expect(codes == [554, 503, 503, 221])
    }
}
