import NIOCore
import Testing

@testable import MilterCore

/// A filter that breaks the protocol loses its say, and nothing else happens.
struct HostileFilterTests {
    private typealias Script = MilterScript

    private func fails(_ actions: [MilterAction]) -> Bool {
        if case .fail? = actions.last { true } else { false }
    }

    @Test(arguments: [
        Script.packet("z"), Script.packet("c", "x"), Script.packet("h", "X-A\0b"), Script.packet("h", "X-A"),
        Script.packet("h", "X A\0b\0"), Script.packet("h", "\0b\0"), Script.packet("h", "X:A\0b\0"),
        Script.packet("h", "X-A\0b\0c"), Script.packet("i", [0, 0]), Script.packet("m", "X-A\0"),
        Script.packet("h", "X-A\0" + String(repeating: "x", count: 2_000) + "\0"),
        Script.packet("y", "250 2.0.0 Fine\0"), Script.packet("y", "550 No"), Script.packet("y", "No\0"),
        Script.packet("y", "550 a\r\n550 b\0"), Script.packet("+", "a b\0"), Script.packet("+", "\0"),
        Script.packet("+", "<a@b>> SIZE=1\0"), Script.packet("e", "<a@b> X=1\r\nRCPT TO:<c@d>\0"),
        Script.packet("-", "nobody\r\n\0"), Script.packet("O", [0, 0, 0, 6]), [0, 0, 0, 0],
        [0x7F, 0xFF, 0xFF, 0xFF], [0, 2, 0, 1],
    ])
    func `what the protocol does not know is the end of it`(said: [UInt8]) {
        #expect(fails(Script.actions(said)))
    }

    @Test func `a change comes at the end of a message, and only one that was announced`() {
        let change = Script.packet("h", "X-A\0b\0")
        #expect(fails(Script.actions(to: .data, change)))
        #expect(fails(Script.actions(change, agreement: Script.agreement(actions: .replaceBody))))
        let unannounced = Script.actions(change, agreement: Script.agreement(actions: .replaceBody))
        #expect("\(unannounced)".contains("a change that it did not announce: it adds X-A"), "\(unannounced)")
        let parameters = Script.packet("2", "a@b.example\0NOTIFY=NEVER\0")
        #expect(fails(Script.actions(parameters, agreement: Script.agreement(actions: .addRecipients))))
    }

    @Test func `nobody speaks without being asked`() {
        #expect(fails(Script.actions(to: .data, Script.packet("c"), Script.packet("c"))))
        #expect(fails(Script.actions(to: .data, Script.packet("c") + [0])))
    }

    @Test func `nothing goes on without an end`() {
        let progress = (0...MilterMachine.mostProgress).flatMap { _ in Script.packet("p") }
        #expect(fails(Script.actions(progress)))
        let fields = (0...MilterMachine.mostChanges).flatMap { _ in Script.packet("h", "A\0b\0") }
        #expect(fails(Script.actions(fields)))
        let body = Script.packet("b", Array(repeating: 65, count: 600))
        #expect(!fails(Script.actions(body)))
        #expect(fails(Script.actions(body + body)), "it is larger than any message may be")
        let large = Script.packet("m", [0, 0, 0, 1, 65, 0] + Array(repeating: 10, count: 100_000) + [0])
        #expect(fails(Script.actions((0...42).flatMap { _ in large })))
    }

    @Test(arguments: [
        ("b\r\nBcc: c\r\n\r\nbody", " b\r\n\tBcc: c\r\n\tbody"), ("b\nc", " b\r\n\tc"),
        ("b\r\n c\r\n \t\r\n", " b\r\n c"),
        ("\r\nb", " b"), ("b\rc", " b\r\n\tc"), ("", ""),
    ])
    func `no value breaks out of its field`(said: String, value: String) throws {
        let safe = try MilterField.fromFilter(Array(said.utf8), keepsBlanks: false)
        #expect(String(decoding: safe, as: UTF8.self) == value)
    }
}
