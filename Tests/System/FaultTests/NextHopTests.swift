import Foundation
import MailTesting
import Testing

extension FaultTests {
    /// Each next hop dies, refuses or talks nonsense at one step of its first sessions, and many messages are on their way
    /// to each. `UnreliableRemoteTests` is the sample of it.
    @Suite(.enabled("it runs with all the faults") { FaultTests.isComplete }) struct NextHopTests {
        private static let failures =
            UnreliableRemoteTests.deaths + UnreliableRemoteTests.refusals + UnreliableRemoteTests.nonsense
        private static let messages = 20
        private static let badSessions = 2

        @Test func `a message that a next hop did not take reaches it in the end, and its sender hears nothing`()
            async throws
        {
            let remotes = try Self.failures.map {
                try ScriptedRemote(RemoteScript([$0.step: $0.behaviour]), sessions: Self.badSessions)
            }
            for remote in remotes { try await remote.start() }
            var ledger = MessageLedger()
            try await MartletServer.with(configuration: Self.configuration(remotes)) { server in
                for number in 0..<Self.messages {
                    for hop in remotes.indices {
                        try await ledger.send(
                            "m\(number)-\(hop).", to: ["someone@hop\(hop).example"], octets: 2_000, over: server)
                    }
                }
                try await RelayingServer.expectEmptyQueue(server)
                #expect(!server.log.contains("event=failed") && !server.log.contains("event=reported"))
            }
            for remote in remotes { try await remote.stop() }
            settle(ledger, remotes)
        }

        private static func configuration(_ remotes: [ScriptedRemote]) -> String {
            remotes.enumerated().reduce("[retry]\nfirst = \"1 s\"\nlongest = \"1 s\"\n") { text, remote in
                text + """

                    [route."hop\(remote.offset).example"]
                    to = "smtp://127.0.0.1:\(remote.element.port)"

                    """
            }
        }

        /// A message may be read again only by a next hop that read it to its end and did not say that it has it.
        private func settle(_ ledger: MessageLedger, _ remotes: [ScriptedRemote]) {
            var (lost, torn, twice, unexplained) = (0, 0, 0, 0)
            for (hop, remote) in remotes.enumerated() {
                for entry in ledger.entries where entry.recipients == ["someone@hop\(hop).example"] {
                    #expect(entry.isAnswered)
                    let mark = Data("X-Ledger-ID: \(entry.id)\r\n".utf8)
                    let readings = remote.messages.filter { $0.content.range(of: mark) != nil }
                    if !readings.contains(where: \.isTaken) { lost += 1 }
                    if readings.contains(where: { $0.content.suffix(entry.content.count) != entry.content }) {
                        torn += 1
                    }
                    twice += max(readings.count - 1, 0)
                    if readings.count(where: \.isTaken) > 1 { unexplained += 1 }
                }
            }
            FaultTests.report(
                "next hops that fail",
                "\(remotes.count) ways, \(ledger.entries.count) messages, \(lost) lost, "
                    + "\(torn) torn, \(twice) read again after a lost or bad answer, \(unexplained) taken twice")
            #expect(lost == 0 && torn == 0 && unexplained == 0)
            let uncertain = Self.failures.count { $0.readings > 1 }
            #expect(twice <= uncertain * Self.badSessions)
        }
    }
}
