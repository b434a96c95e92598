import SMTPCore
import SMTPTesting
import Testing

/// The first test of every machine: it does the same, however its input is cut.
struct ChunkInvarianceTests {
    private static func configurations() -> [SMTPServerConfiguration] {
        var plain = SMTPServerConfiguration(hostname: "mail.example.org")
        plain.limits.commandLine = 128
        plain.limits.errors = 6
        plain.limits.content.size = 4_000
        var converting = plain
        converting.bareLineFeeds = .convert
        var binary = plain
        binary.offersBinary = true
        binary.limits.idleCommands = 4
        binary.limits.content.lineLength = 20
        return [plain, converting, binary, SMTPServerConfiguration(hostname: "mail.example.org", kind: .lmtp)]
    }

    @Test(arguments: configurations())
    func `generated sessions`(configuration: SMTPServerConfiguration) throws {
        let invariance = ChunkInvariance(configuration, policy: ScriptedPolicy(isTrusted: true))
        var random = SeededGenerator(seed: 1)
        for seed in 0..<150 {
            let session = GeneratedSession(seed: UInt64(seed))
            try invariance.check(session.input, budget: 4_000)
            let lengths = (0..<5).map { _ in Int.random(in: 1...40, using: &random) }
            try invariance.check(session.input, pieces: lengths)
        }
    }

    @Test func `every variant of smuggling, cut at every position around it`() throws {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        let head = Array("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<ann@example.org>\r\nDATA\r\nx".utf8)
        for bareLineFeeds in [SMTPServerConfiguration.BareLineFeeds.refuse, .convert] {
            configuration.bareLineFeeds = bareLineFeeds
            let invariance = ChunkInvariance(configuration)
            for variant in SmugglingTests.variants {
                let input = head + Array("\(variant)MAIL FROM:<>\r\n.\r\nNOOP\r\nQUIT\r\n".utf8)
                let events = try invariance.check(input, at: head.count..<head.count + variant.utf8.count + 1)
                #expect(events.filter { if case .asked(.mail) = $0 { true } else { false } }.count == 1)
            }
        }
    }
}
