import Foundation
import MailTesting
import SMTPTesting
import Testing

/// The dialogues that the bare machine holds too, with the built server at the other end of a socket.
struct DialogueTests {
    /// Dialogues that one server can serve, because it is told the same before each.
    struct Group: Sendable, CustomTestStringConvertible {
        let options: DialogueOptions
        let dialogues: [Dialogue]

        var testDescription: String { dialogues.map(\.name).joined(separator: ", ") }

        static func all() throws -> [Group] {
            Dictionary(grouping: try Dialogue.all(), by: \.options).map { Group(options: $0, dialogues: $1) }
                .sorted { $0.testDescription < $1.testDescription }
        }
    }

    @Test(arguments: try Group.all())
    func `the server holds every dialogue`(group: Group) async throws {
        try await MartletServer.with(
            configuration: Self.configuration(group.options), listener: group.options.listenerLines,
            trusted: group.options.isTrusted ? ["127.0.0.0/8"] : []
        ) { server in
            await withTaskGroup { tasks in
                for dialogue in group.dialogues { tasks.addTask { await Self.hold(dialogue, with: server) } }
            }
        }
    }

    private static func configuration(_ options: DialogueOptions) -> String {
        """
        [domain."example.com"]
        users = ["ann"]
        [alias."carol@example.org"]
        to = ["carol@example.net"]
        tell = true
        [alias."dave@example.org"]
        moved_to = "dave@example.net"
        [list."staff@example.org"]
        members = ["ann", "bob"]
        [limits]
        \(options.limitLines.joined(separator: "\n"))
        """
    }

    private static func hold(_ dialogue: Dialogue, with server: MartletServer) async {
        do {
            let port = server.port
            let lines = try await onThread {
                var player = DialoguePlayer(try SocketPeer(port: port))
                try player.play(dialogue)
                return player.lines
            }
            try await checkStored(dialogue, identifiers: lines.compactMap(queueID), by: server)
        } catch {
            Issue.record("\(dialogue.name): \(error)")
        }
    }

    /// What the server called the message, where the reply says that it was stored.
    private static func queueID(_ line: String) -> String? {
        line.firstMatch(of: /^250 2\.0\.0 Queued as (\w+)/).map { String($0.1) }
    }

    /// Compares what the log and the mailboxes say of the messages with what the dialogue tells. Over LMTP one message
    /// is answered for each recipient.
    private static func checkStored(_ dialogue: Dialogue, identifiers: [String], by server: MartletServer) async throws
    {
        var messages = identifiers
        if dialogue.options.isLMTP { messages = identifiers.isEmpty ? [] : [identifiers[0]] }
        #expect(messages.count == dialogue.stored.count, "\(dialogue.name)")
        for (identifier, expected) in zip(messages, dialogue.stored) {
            let line = try await eventually("the log's line for \(identifier)") {
                server.log.split(separator: "\n").first { $0.contains("accepted") && $0.contains("qid=\(identifier)") }
            }
            #expect(line.contains("from=\(expected.reversePath)") || line.contains("from=\"\(expected.reversePath)\""))
            #expect(line.contains("recipients=\(expected.forwardPaths.count)"))
            #expect(line.contains("size=\(expected.content.count)"))
            for user in ["ann", "bob"] where expected.forwardPaths.contains("<\(user)@example.org>") {
                let message = try await eventually("\(identifier) in the mailbox of \(user)") {
                    try server.messages(for: user).first {
                        String(decoding: $0, as: UTF8.self).contains("id \(identifier)")
                    }
                }
                #expect(message.suffix(expected.content.count) == Data(expected.content), "\(dialogue.name)")
            }
        }
    }
}
