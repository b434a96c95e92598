import Foundation
import SMTPCore
import SMTPTesting
import Testing

/// The conversations of Mailpit's tests (MIT) that its default configuration is meant for.
@Suite(.enabled(if: mailpitFile != nil, "MARTLET_CASES names no folder with dialogs/mailpit.json"))
struct MailpitDialogueTests {
    private struct Case: Decodable {
        let name: String
        let config: [String]
        /// What the client says, and the code it expects.
        let steps: [[String]]
    }

    /// Where this project answers otherwise.
    private struct Difference {
        let beginning: String
        let theirs: String
        let ours: Int
        let reason: String
    }

    private static let unreadable =
        "an address that cannot be read is a syntax error (501), 553 is for one without a domain"
    private static let spaces = "any number of blanks may stand before a path"
    private static let differences = [
        Difference(beginning: "MAIL FROM:", theirs: "553", ours: 501, reason: unreadable),
        Difference(beginning: "RCPT TO:", theirs: "553", ours: 501, reason: unreadable),
        Difference(
            beginning: "MAIL FROM:", theirs: "500", ours: 501, reason: "a long path in a short line is a bad argument"),
        Difference(
            beginning: "RCPT TO:", theirs: "500", ours: 501, reason: "a long path in a short line is a bad argument"),
        Difference(beginning: "MAIL FROM:  <sender@", theirs: "501", ours: 250, reason: spaces),
        Difference(beginning: "RCPT TO:  <recipient@", theirs: "501", ours: 250, reason: spaces),
        Difference(beginning: "MAIL FROM:  <senderex", theirs: "501", ours: 553, reason: spaces),
        Difference(beginning: "RCPT TO:  <recipientex", theirs: "501", ours: 553, reason: spaces),
        Difference(beginning: "RCPT", theirs: "503", ours: 501, reason: "syntax is looked at before the order"),
        Difference(
            beginning: "RCPT TO:<recipient101@", theirs: "452", ours: 250, reason: "the limit is 1,000 recipients"),
        Difference(
            beginning: "MAIL FROM:<sender@example.net> BODY=8BITMIME,SIZE=1000", theirs: "250", ours: 501,
            reason: "parameters are separated by spaces"),
    ]

    @Test func `the answers agree, or differ for a reason`() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: try #require(mailpitFile)))
        let cases = try JSONDecoder().decode([Case].self, from: data).filter { $0.config == ["&Server{}"] }
        #expect(cases.count == 9)
        for dialogue in cases { hold(dialogue) }
    }

    private func hold(_ dialogue: Case) {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.limits.errors = 100
        var run = MachineRun(configuration, policy: ScriptedPolicy(isTrusted: true))
        run.begin()
        for step in dialogue.steps {
            let line = step[0].replacing("example.com", with: "example.net")
            // Mailpit takes a second MAIL within a transaction; RFC 5321 §4.1.4 wants 503.
            if line.hasPrefix("MAIL"), run.isInTransaction, step[1] != "503" { run.receive("RSET\r\n".utf8) }
            let before = run.replies.count
            run.receive("\(line)\r\n".utf8)
            let codes = run.replies[before...].map(\.code)
            let isKnown = Self.differences.contains {
                line.hasPrefix($0.beginning) && $0.theirs == step[1] && [$0.ours] == codes
            }
            #expect(codes == [Int(step[1]) ?? 0] || isKnown, "\(dialogue.name): \(line.prefix(80).debugDescription)")
        }
    }
}

private let mailpitFile = ProcessInfo.processInfo.environment["MARTLET_CASES"]
    .map { "\($0)/dialogs/mailpit.json" }
    .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
