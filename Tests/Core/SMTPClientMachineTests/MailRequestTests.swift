import MailCore
import NIOCore
import SMTPCore
import Testing

/// ETRN, ATRN and TURN as a client says them.
struct MailRequestTests {
    @Test(arguments: [
        (MailRequest.start(.queue("all")), "ETRN #all\r\n"), (.turn(.turn), "TURN\r\n"), (.turn(.atrn([])), "ATRN\r\n"),
    ])
    func `a request is one command`(request: MailRequest, command: String) throws {
        var dialogue = try Dialogue()
        dialogue.open()
        #expect(dialogue.perform { $0.ask(request) } == command)
        #expect(dialogue.machine.stage == .request && !dialogue.machine.canBegin)
    }

    @Test func `domains are named in the command`() throws {
        let domains = [try Domain("one.example"), try Domain("two.example")]
        #expect("\(MailRequest.turn(.atrn(domains)))" == "ATRN one.example,two.example")
        #expect("\(MailRequest.start(.domainAndBelow(domains[0])))" == "ETRN @one.example")
    }

    @Test func `after TURN the machine is out of the game`() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        dialogue.perform { $0.ask(.turn(.turn)) }
        #expect(dialogue.server("250 you are the server\r\nEHLO x\r\n") == "")
        #expect(dialogue.answers.map(\.hasTurned) == [true])
        #expect(!dialogue.isClosed && dialogue.failures.isEmpty && !dialogue.machine.canAsk)
    }

    @Test func `where the server will not turn, the session goes on`() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        dialogue.perform { $0.ask(.turn(.atrn([]))) }
        dialogue.server("453 you have no mail\r\n")
        #expect(dialogue.answers.map(\.reply.code) == [453] && dialogue.answers.map(\.hasTurned) == [false])
        #expect(try dialogue.begin("bob").hasPrefix("MAIL FROM:"))
    }

    @Test func `ETRN changes no roles, whatever is said`() throws {
        let domain = try Domain("one.example")
        var dialogue = try Dialogue()
        dialogue.open()
        dialogue.perform { $0.ask(.start(.domain(domain))) }
        dialogue.perform { $0.quit() }
        #expect(dialogue.server("250 started\r\n") == "QUIT\r\n")
        #expect(dialogue.answers.map(\.hasTurned) == [false])
    }
}
