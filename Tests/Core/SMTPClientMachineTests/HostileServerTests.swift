import MailCore
import NIOCore
import SMTPCore
import Testing

/// Servers that say anything at any time.
@Suite struct HostileServerTests {
    private static let lines = [
        "220 mx", "250 ok", "250-mx", "250-PIPELINING", "250-CHUNKING", "250 8BITMIME", "354 go", "421 bye",
        "450 later",
        "550 5.1.1 no", "552 too many", "221 bye", "999 what", "", "250", "25", "250-\u{0}\u{1B}", "450-4.2.2 a",
    ]

    /// Whatever comes, there is one result with an outcome for each recipient, and one end.
    @Test(arguments: [SMTPClientMachine.Variant.smtp, .lmtp]) func thereIsOneResultAndOneEnd(
        variant: SMTPClientMachine.Variant
    ) throws {
        var random = LinearGenerator(state: 42)
        for _ in 0..<3_000 {
            var dialogue = try Dialogue(variant)
            // Half of the servers are well-behaved at first, so that the transaction is reached.
            if random.next() & 1 == 0 { dialogue.open("PIPELINING", random.next() & 1 == 0 ? "CHUNKING" : "DSN") }
            if dialogue.machine.canBegin {
                _ = try dialogue.begin("bob", "cid", message: random.next() & 1 == 0 ? "Hello.\r\n" : nil)
            }
            for _ in 0..<Int(random.next() % 12) {
                dialogue.server(Self.lines[Int(random.next() % UInt64(Self.lines.count))] + "\r\n")
            }
            dialogue.perform { random.next() & 1 == 0 ? $0.connectionClosed() : $0.timedOut() }
            #expect(dialogue.isClosed && dialogue.failures.count <= 1)
            #expect(dialogue.results.count == 1 && dialogue.outcomes.count == 2)
            #expect(dialogue.results[0].stages.count == 2)
            #expect(dialogue.actions.count { $0 == .close } == 1 && dialogue.actions.last == .close)
        }
    }
}

/// Numbers that are the same on every run (Knuth's MMIX).
private struct LinearGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
