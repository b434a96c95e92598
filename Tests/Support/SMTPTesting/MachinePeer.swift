import NIOCore
import SMTPCore

/// A bare machine as the server of a dialogue.
public struct MachinePeer: DialoguePeer {
    public private(set) var run: MachineRun
    private let delaysGreeting: Bool
    private var hasBegun = false
    private var lines: [String] = []
    private var writtenReplies = 0

    public init(_ options: DialogueOptions) {
        let machine = options.machine
        run = MachineRun(machine, policy: options.policy, heedsEarlyTalkers: machine.refusesEarlyTalkers)
        delaysGreeting = options.delaysGreeting
        if !delaysGreeting { begin() }
    }

    public mutating func send(_ octets: [UInt8]) {
        if !hasBegun {
            hasBegun = true
            run.tell { $0.peerTalkedTooEarly() }
        }
        run.receive(octets)
        writeReplies()
    }

    public mutating func nextLine() throws -> String? {
        if !hasBegun { begin() }
        if !lines.isEmpty { return lines.removeFirst() }
        guard run.isClosed else { throw DialogueFailure("the server waits") }
        return nil
    }

    private mutating func begin() {
        hasBegun = true
        run.begin()
        writeReplies()
    }

    private mutating func writeReplies() {
        let replies = run.replies
        var buffer = ByteBuffer()
        for reply in replies[writtenReplies...] { reply.write(to: &buffer) }
        writtenReplies = replies.count
        lines += String(buffer: buffer).split(separator: "\r\n", omittingEmptySubsequences: false).dropLast().map(
            String.init)
    }
}
