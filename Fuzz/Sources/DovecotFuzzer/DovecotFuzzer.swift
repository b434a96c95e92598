import Foundation
import FuzzDriver
import MailSASL

/// What a service says that stands where Dovecot should. However it is cut, the machine does the same; nobody gets in
/// without an OK that is meant for this exchange, and nothing is sent to a service that has not offered the mechanism.
///
/// The client answers a challenge where `separator` stands.
@main
enum DovecotFuzzer {
    private static let separator: UInt8 = 0xFF
    private static let request = DovecotAuthRequest(
        mechanism: "PLAIN", initialResponse: Array("\0ann\0secret".utf8), isSecured: true, remoteAddress: "192.0.2.7")

    private static var seeds: [String: Data] {
        let greeting = "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t1\nCOOKIE\tab\nDONE\n"
        let texts = [
            "ok": "\(greeting)OK\t1\tuser=ann\n", "fail": "\(greeting)FAIL\t1\tuser=ann\ttemp\n",
            "other": "\(greeting)OK\t2\tuser=eve\nFAIL\t1\n", "cont": "\(greeting)CONT\t1\tYWI=\n~OK\t1\tuser=ann\n",
            "early": "OK\t1\tuser=ann\n\(greeting)", "none": "VERSION\t1\t2\nMECH\tLOGIN\nDONE\nOK\t1\tuser=ann\n",
            "version": "VERSION\t2\t0\n", "nobody": "\(greeting)OK\t1\tuser=\n",
        ]
        return texts.mapValues { Data($0.utf8.map { $0 == UInt8(ascii: "~") ? separator : $0 }) }
    }

    static func main() throws {
        try FuzzDriver.main(seeds: seeds) { input in
            let turns = input.split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
            let whole = actions(turns.map { [$0] })
            let byOctet = actions(turns.map { turn in turn.map { [$0] } })
            expect(whole == byOctet, "\(whole) in one piece, \(byOctet) by octets")
            check(whole, lines: turns.joined().split(separator: UInt8(ascii: "\n")))
            return true
        }
    }

    /// What the machine does with turns of the service, each in pieces, between which the client responds.
    private static func actions(_ turns: [[[UInt8]]]) -> [DovecotAuthAction] {
        var machine = DovecotAuthMachine(request, process: 7)
        var actions: [DovecotAuthAction] = []
        for turn in turns {
            for piece in turn + [[]] {
                machine.receive(piece)
                while let action = machine.next() { actions.append(action) }
            }
            if case .challenge = actions.last { machine.respond(Array("abc".utf8)) }
        }
        machine.ended()
        while let action = machine.next() { actions.append(action) }
        return actions
    }

    private static func check(_ actions: [DovecotAuthAction], lines: [ArraySlice<UInt8>]) {
        let fields = lines.map { line in line.split(separator: 9, omittingEmptySubsequences: false).map(Array.init) }
        func isThere(_ wanted: [String], _ parameter: String? = nil) -> Bool {
            fields.contains { line in
                line.prefix(wanted.count).elementsEqual(wanted.map { Array($0.utf8) })
                    && (parameter.map { line.contains(Array($0.utf8)) } ?? true)
            }
        }
        for (index, action) in actions.enumerated() {
            let isLast = index == actions.count - 1
            switch action {
            case .send(let octets):
                expect(octets.last == 10 && octets.count < 300, "\(octets.count) octets are sent")
                expect(octets.count { $0 == 10 } == (index == 0 ? 2 : 1), "another number of lines is sent")
                expect(index == 0 || isThere(["MECH", "PLAIN"]), "a secret is sent to whoever did not ask for it")
            case .challenge: expect(isThere(["CONT", "1"]), "a challenge that nobody sent")
            case .succeeded(let user):
                expect(isLast && isThere(["OK", "1"], "user=\(user)"), "\(user) got in without an OK")
                expect((1...255).contains(user.utf8.count), "\(user.utf8.count) octets of name")
            case .failed: expect(isLast, "something comes behind the end")
            }
        }
        switch actions.last {
        case .succeeded, .failed: break
        default: expect(false, "the exchange has no end")
        }
    }
}
