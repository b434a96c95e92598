import Foundation
import Synchronization

/// A server for SMTP or LMTP in this process that misbehaves where its script says so, and remembers what it was told.
public final class ScriptedRemote: Peer {
    private let listener: LoopbackListener
    private let script: RemoteScript
    private let sessions: Int?
    private let isLMTP: Bool
    private let state = Mutex(State())

    private struct State {
        var transcripts: [String] = []
        var messages: [RemoteMessage] = []
        var open: [Int: SessionSocket] = [:]
    }

    /// - Parameters:
    ///   - sessions: how many sessions the script is for, and in each the first transaction; afterwards, and in later
    ///     sessions, the remote behaves well. Without it the script is for everything.
    ///   - isLMTP: whether it speaks LMTP (RFC 2033).
    public init(_ script: RemoteScript = RemoteScript(), sessions: Int? = nil, isLMTP: Bool = false) throws {
        listener = try LoopbackListener()
        self.script = script
        self.sessions = sessions
        self.isLMTP = isLMTP
    }

    deinit { listener.close() }

    public var port: Int { listener.port }

    /// What was said in each session: commands behind `C: `, replies behind `S: `, content left out.
    public var transcripts: [String] { state.withLock { $0.transcripts } }

    /// The messages that it read to their end, taken or not.
    public var messages: [RemoteMessage] { state.withLock { $0.messages } }

    public var log: String { transcripts.joined(separator: "\n") }

    public func start() async throws {
        Thread.detachNewThread { [self] in
            while let descriptor = listener.accept() { serve(SessionSocket(descriptor: descriptor)) }
        }
    }

    /// Ends it in the middle of whatever it does.
    public func stop() async throws {
        listener.shutDown()
        state.withLock { state in
            for socket in state.open.values { socket.shutDown() }
        }
    }

    private func serve(_ socket: SessionSocket) {
        let number = state.withLock { state in
            state.transcripts.append("")
            state.open[state.transcripts.count - 1] = socket
            return state.transcripts.count - 1
        }
        let transactions = sessions.map { number < $0 ? 1 : 0 } ?? .max
        Thread.detachNewThread { [self] in
            RemoteSession(
                socket, script: script, transactions: transactions, isLMTP: isLMTP,
                recorder: recorder(session: number)
            ).run()
            state.withLock { $0.open[number] = nil }
            socket.close()
        }
    }

    private func recorder(session: Int) -> RemoteSession.Recorder {
        RemoteSession.Recorder(
            say: { line in self.state.withLock { $0.transcripts[session] += line + "\n" } },
            message: { message in
                self.state.withLock { state in
                    state.messages.append(message)
                    return state.messages.count - 1
                }
            },
            taken: { index in self.state.withLock { $0.messages[index].isTaken = true } })
    }
}
