import MailSASL
import Testing

/// What is said to Dovecot's authentication service, and what is made of its answers.
struct DovecotAuthTests {
    private static let greeting = """
        VERSION\t1\t2
        MECH\tPLAIN\tplaintext
        MECH\tSCRAM-SHA-256
        SPID\t15
        CUID\t3
        COOKIE\t0123456789abcdef0123456789abcdef
        DONE

        """

    private func machine(_ mechanism: String = "PLAIN", response: [UInt8]? = [0, 97, 0, 98]) -> DovecotAuthMachine {
        DovecotAuthMachine(
            DovecotAuthRequest(
                mechanism: mechanism, initialResponse: response, isSecured: true, remoteAddress: "192.0.2.1"),
            process: 7)
    }

    private func actions(_ machine: inout DovecotAuthMachine) -> [DovecotAuthAction] {
        var actions: [DovecotAuthAction] = []
        while let action = machine.next() { actions.append(action) }
        return actions
    }

    private func outcome(of answer: String) -> [DovecotAuthAction] {
        var machine = machine()
        machine.receive(Self.greeting.utf8)
        _ = actions(&machine)
        machine.receive(answer.utf8)
        return actions(&machine)
    }

    private func send(_ text: String) -> DovecotAuthAction { .send(Array(text.utf8)) }

    @Test func `a response goes with the request, once the service has introduced itself`() {
        var machine = machine()
        #expect(actions(&machine) == [send("VERSION\t1\t1\nCPID\t7\n")])
        machine.receive(Self.greeting.utf8)
        #expect(
            actions(&machine) == [
                send("AUTH\t1\tPLAIN\tservice=smtp\tsecured\trip=192.0.2.1\tresp=AGEAYg==\n")
            ])
        machine.receive("OK\t1\tuser=a@example.org\toriginal_user=a\n".utf8)
        #expect(actions(&machine) == [.succeeded(user: "a@example.org")])
    }

    @Test func `challenges and responses pass between the service and the client`() {
        var machine = machine("SCRAM-SHA-256", response: nil)
        machine.receive(Self.greeting.utf8)
        _ = actions(&machine)
        machine.receive("CONT\t1\tYWJj\n".utf8)
        #expect(actions(&machine) == [.challenge(Array("abc".utf8))])
        machine.respond(Array("xyz".utf8))
        #expect(actions(&machine) == [send("CONT\t1\teHl6\n")])
        machine.receive("CONT\t1\t\n".utf8)
        #expect(actions(&machine) == [.challenge([])])
    }

    @Test func `how the octets arrive does not matter`() {
        var machine = machine()
        var seen = actions(&machine)
        for octet in Array((Self.greeting + "OK\t1\tuser=a\n").utf8) {
            machine.receive([octet])
            seen += actions(&machine)
        }
        #expect(seen.count == 3 && seen.last == .succeeded(user: "a"))
    }

    @Test func `a wrong secret is told from a service that cannot say`() {
        #expect(outcome(of: "FAIL\t1\tuser=a\n") == [.failed(.wrong(user: "a"))])
        #expect(outcome(of: "FAIL\t1\n") == [.failed(.wrong(user: nil))])
        #expect(outcome(of: "FAIL\t1\tuser=a\ttemp\n") == [.failed(.unavailable)])
        #expect(outcome(of: "FAIL\t1\tuser=a\tcode=temp_fail\n") == [.failed(.unavailable)])
    }

    @Test func `what cannot be understood lets nobody in`() {
        for answer in ["OK\t1\n", "OK\t1\tuser=\n", "OK\t1\tuser=a\u{1}b\n", "CONT\t1\t***\n"] {
            #expect(outcome(of: answer) != [.succeeded(user: "a")])
        }
        #expect(outcome(of: "OK\t2\tuser=a\n").isEmpty, "an answer to another question")
        #expect(outcome(of: String(repeating: "x", count: 20_000)) == [.failed(.unavailable)])
        var other = machine()
        other.receive("VERSION\t2\t0\n".utf8)
        #expect(actions(&other).last == .failed(.unavailable))
        var endless = machine()
        endless.receive(String(repeating: "MECH\tX\n", count: 101).utf8)
        #expect(actions(&endless).last == .failed(.unavailable))
    }

    @Test func `a mechanism that Dovecot does not have is not asked for`() {
        var machine = machine("CRAM-MD5")
        machine.receive(Self.greeting.utf8)
        #expect(actions(&machine).last == .failed(.noSuchMechanism))
    }

    @Test func `a connection that is lost is no answer`() {
        var machine = machine()
        machine.receive(Self.greeting.utf8)
        _ = actions(&machine)
        machine.ended()
        machine.receive("OK\t1\tuser=a\n".utf8)
        #expect(actions(&machine) == [.failed(.unavailable)])
    }
}
