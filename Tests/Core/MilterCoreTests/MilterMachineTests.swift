import MailCore
import NIOCore
import SMTPCore
import Testing

@testable import MilterCore

/// The client's side of the milter protocol, octet for octet as libmilter has it.
struct MilterMachineTests {
    private typealias Script = MilterScript

    // MARK: The beginning

    @Test func `it offers version 6 and everything there is`() {
        var machine = MilterMachine(largestBody: 1)
        let offer = Script.packet("O", [0, 0, 0, 6, 0, 0, 0x01, 0xFF, 0, 0x1F, 0xF7, 0xFF])
        #expect(machine.next() == .send(ByteBuffer(bytes: offer)))
        #expect(machine.next() == nil)
        machine.receive(ByteBuffer(bytes: Script.agreement(steps: [.noHello])))
        #expect(machine.next() == .ready)
        #expect(!machine.wants(.hello("c")) && machine.wants(.data))
    }

    @Test(arguments: [
        Script.agreement(version: 7), Script.agreement(version: 1),
        Script.agreement(actions: .init(rawValue: 0x200)), Script.agreement(steps: .init(rawValue: 0x800)),
        Script.packet("c"), Script.packet("O", [0, 0, 0, 6]), Script.agreement(macros: [0, 0, 0, 9, 0]),
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func `an answer to the offer that wants more than was offered is the end`(answer: [UInt8]) {
        var machine = MilterMachine(largestBody: 1)
        _ = machine.next()
        machine.receive(ByteBuffer(bytes: answer))
        guard case .fail? = machine.next() else {
            Issue.record("\(answer) was taken")
            return
        }
        machine.tell(.data)
        #expect(machine.next() == nil, "it is of no more use")
    }

    // MARK: What filters are told

    @Test(arguments: [
        (
            MilterEvent.connect(name: "c.example", .ip(.v4(IPv4Address(bits: 0xC000_0207)), port: 4_711)),
            "C", "c.example\0" + "4\u{12}\u{67}192.0.2.7\0"
        ),
        (.connect(name: "c", .unknown), "C", "c\0U"), (.connect(name: "c", .local(path: "/s")), "C", "c\0L\0\0/s\0"),
        (.hello("c.example"), "H", "c.example\0"),
        (.mail(path: "<a@b.example>", parameters: ["SIZE=1"]), "M", "<a@b.example>\0SIZE=1\0"),
        (.recipient(path: "<c@d.example>", parameters: []), "R", "<c@d.example>\0"),
        (.data, "T", ""), (.unknown("XYZ"), "U", "XYZ\0"),
        (.field(name: "Subject", value: Array(" Hello\r\n  there".utf8)), "L", "Subject\0Hello\n  there\0"),
        (.endOfHeader, "N", ""), (.body(ByteBuffer(string: "Hello.\r\n")), "B", "Hello.\r\n"),
        (.endOfMessage, "E", ""), (.abort, "A", ""), (.quit, "Q", ""), (.quitForNext, "K", ""),
        (.hello("a\0b"), "H", "a\0"),
    ])
    func `each event has its packet`(event: MilterEvent, letter: String, body: String) {
        #expect(Script.sent(event) == Script.packet(Character(letter), body))
    }

    @Test func `the blank behind the colon goes along where the filter wants it`() {
        let agreement = Script.agreement(steps: .leadingBlanks)
        let field = MilterEvent.field(name: "A", value: Array(" b".utf8))
        #expect(Script.sent(field, agreement) == Script.packet("L", "A\0 b\0"))
    }

    @Test func `macros go in front, those that the filter named or the usual ones`() {
        let macros = [MilterMacro("i", "1A2B"), MilterMacro("{mail_addr}", "a@b.example"), MilterMacro("j", "mx")]
        let mail = MilterEvent.mail(path: "<>", parameters: [])
        let packet = Script.packet("M", "<>\0")
        #expect(
            Script.sent(mail, macros: macros) == Script.packet("D", "Mi\01A2B\0{mail_addr}\0a@b.example\0") + packet)
        let named = Script.agreement(macros: [0, 0, 0, 2] + Array("j {daemon_name}\0".utf8))
        #expect(Script.sent(mail, macros: macros, named) == Script.packet("D", "Mj\0mx\0") + packet)
        let none = Script.agreement(macros: [0, 0, 0, 2, 0])
        #expect(Script.sent(mail, macros: macros, none) == packet)
    }

    @Test func `what a filter does not want, does not answer or cannot know goes on at once`() {
        let agreement = Script.agreement(version: 3, steps: [.noHello, .silentMail])
        var machine = Script.machine(agreement)
        machine.tell(.hello("c"))
        #expect(machine.next() == .verdict(.proceed))
        machine.tell(.data)
        #expect(machine.next() == .verdict(.proceed), "version 4 brought DATA")
        machine.tell(.mail(path: "<>", parameters: []))
        #expect(machine.next() == .send(ByteBuffer(bytes: Script.packet("M", "<>\0"))))
        #expect(machine.next() == .verdict(.proceed))
        machine.tell(.abort)
        #expect(machine.next() == .send(ByteBuffer(bytes: Script.packet("A"))))
        #expect(machine.next() == nil, "which has no answer")
    }

    // MARK: What filters say

    @Test(arguments: [
        ("c", "", MilterVerdict.proceed), ("a", "", .accept), ("d", "", .discard), ("s", "", .skip),
        ("r", "", .refuse(.rejectedByFilter)), ("t", "", .refuse(.deferredByFilter)),
        ("4", "", .refuse(.deferredByFilter)), ("f", "", .refuse(.deferredByFilter)),
        ("y", "554 5.7.9 Not you\0", .refuse(SMTPReply(554, .init(.permanentFailure, 7, 9), "Not you"))),
        (
            "y", "450-4.2.0 One\r\n450 4.2.0 Two\0",
            .refuse(SMTPReply(450, .init(.persistentTransientFailure, 2, 0), lines: ["One", "Two"]))
        ),
    ])
    func `each verdict has its letter`(letter: Character, body: String, verdict: MilterVerdict) {
        #expect(Script.actions(to: .data, Script.packet(letter, body)) == [.verdict(verdict)])
    }

    @Test func `a filter that is at work says so before its verdict`() {
        #expect(
            Script.actions(Script.packet("p"), Script.packet("p"), Script.packet("c"))
                == [.progress, .progress, .verdict(.proceed)])
    }

    @Test(arguments: [
        ("h", "X-A\0b\0", MilterChange.addField(name: "X-A", value: Array(" b".utf8))),
        ("i", "\0\0\0\u{2}X-A\0b\0", .insertField(index: 2, name: "X-A", value: Array(" b".utf8))),
        ("m", "\0\0\0\u{1}Subject\0\0", .changeField(index: 1, name: "Subject", value: [])),
        ("b", "New.\r\n", .body(ByteBuffer(string: "New.\r\n"))),
        ("e", "<>\0", .sender(.null)), ("q", "A\u{1}virus\0", .quarantine(reason: "A virus")),
    ])
    func `each change has its packet`(letter: Character, body: String, change: MilterChange) {
        #expect(
            Script.actions(Script.packet(letter, body), Script.packet("c")) == [.change(change), .verdict(.proceed)])
    }

    @Test func `addresses come with brackets or without, and with parameters`() throws {
        let ann = try EmailAddress("ann@example.org")
        let said = [
            Script.packet("+", "<ann@example.org>\0"), Script.packet("2", "ann@example.org\0NOTIFY=NEVER\0"),
            Script.packet("-", "ann@example.org\0"), Script.packet("e", "ann@example.org\0SIZE=1\0"),
            Script.packet("a"),
        ]
        #expect(
            Script.actions(said.flatMap(\.self)) == [
                .change(.addRecipient(RecipientCommand(forwardPath: .mailbox(ann)))),
                .change(.addRecipient(RecipientCommand(forwardPath: .mailbox(ann), notify: .never))),
                .change(.deleteRecipient(ann)), .change(.sender(.mailbox(ann))), .verdict(.accept),
            ])
    }

    @Test func `however the octets are cut, the same is done`() {
        let said = [
            Script.packet("p"), Script.packet("h", "X-A\0b\n\tc\0"), Script.packet("b", "New body"),
            Script.packet("+", "<ann@example.org>\0"), Script.packet("q", "why\0"),
            Script.packet("y", "550 5.7.1 No\0"),
        ].flatMap(\.self)
        let whole = Script.actions(said)
        #expect(whole.count == 6)
        for cut in said.indices { #expect(Script.actions(Array(said[..<cut]), Array(said[cut...])) == whole) }
        var machine = Script.machine()
        machine.tell(.endOfMessage)
        var byOctet: [MilterAction] = []
        for octet in said {
            machine.receive(ByteBuffer(bytes: [octet]))
            while let action = machine.next() { byOctet.append(action) }
        }
        #expect(Array(byOctet.dropFirst()) == whole)
    }
}
