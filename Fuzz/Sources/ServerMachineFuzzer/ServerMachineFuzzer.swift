import Foundation
import NIOCore
import SMTPCore
import SMTPTesting

/// `ServerMachineFuzzer [libFuzzer's arguments]` fuzzes; `ServerMachineFuzzer seeds FOLDER` writes the dialogues as seeds.
@main
enum ServerMachineFuzzer {
    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seeds" {
            return try writeSeeds(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { testOneInput($0, $1) })
    }

    private static func writeSeeds(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for dialogue in try Dialogue.all() {
            let seed = Data(ServerMachineInput.seed(dialogue))
            try seed.write(to: URL(fileURLWithPath: folder).appendingPathComponent(dialogue.name))
        }
    }
}

/// libFuzzer's way in for a program with a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What must hold for every input, on top of not trapping.
private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = ServerMachineInput(UnsafeRawBufferPointer(start: start, count: count)) else { return -1 }
    let invariance = ChunkInvariance(input.configuration, policy: input.policy)
    let events = invariance.whole(input.octets)
    do {
        try invariance.check(input.octets, pieces: [1])
        try invariance.check(input.octets, pieces: input.pieces)
    } catch {
        fatalError("\(error)")
    }
    expectAnswers(events)
    expectBoundedReplies(events, input)
    for case .stored(let message) in events where !input.configuration.offersBinary {
        expectCleanContent(message.content)
    }
    return 0
}

/// Each question is followed by a reply, unless content comes next; the end is `.closed` or `.handedOver`, once.
private func expectAnswers(_ events: [MachineRun.Event]) {
    var isOpen = false
    for event in events {
        switch event {
        case .asked(let question):
            precondition(!isOpen, "a question came in place of a reply: \(events)")
            isOpen = question != .content
        case .reply: isOpen = false
        case .stored, .abandoned, .startedTLS, .handedOver, .closed: break
        }
    }
    precondition(!isOpen, "a question was not followed by a reply: \(events)")
    let ends = events.filter { $0 == .closed || $0 == .handedOver }
    precondition(ends.count == 1 && events.last == ends[0], "not ended once: \(events)")
}

/// A peer gets no more lines than it has sent, but for HELP, EHLO and the recipients of LMTP; no line is long or broken.
private func expectBoundedReplies(_ events: [MachineRun.Event], _ input: ServerMachineInput) {
    var output = ByteBuffer()
    var replies = 0
    for case .reply(let reply) in events {
        replies += 1
        reply.write(to: &output)
    }
    let lineEnds = input.octets.filter { $0 == 10 }.count
    let perLine = input.configuration.kind == .lmtp ? 1 + lineEnds : 1
    precondition(replies <= 3 + (lineEnds + 1) * perLine, "more replies than commands")
    for line in String(buffer: output).split(separator: "\r\n") {
        precondition(line.utf8.count <= 510 && line.utf8.allSatisfy { $0 >= 32 && $0 != 127 }, "a bad reply: \(line)")
    }
}

/// What is stored has no CR, LF or NUL but in a CRLF.
private func expectCleanContent(_ content: [UInt8]) {
    var previous: UInt8 = 0
    for byte in content {
        precondition(byte != 0, "a NUL was stored")
        precondition((byte == 10) == (previous == 13), "a bare CR or LF was stored")
        previous = byte
    }
    precondition(previous != 13, "a bare CR was stored")
}
