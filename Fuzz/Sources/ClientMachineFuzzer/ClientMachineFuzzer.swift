import Foundation
import MailCore
import NIOCore
import SMTPCore

/// `ClientMachineFuzzer [libFuzzer's arguments]` fuzzes; `ClientMachineFuzzer seeds FOLDER` writes a session for each
/// kind of server.
@main
enum ClientMachineFuzzer {
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
        for choice in UInt8(0)..<8 {
            let keywords = ["PIPELINING", "CHUNKING", "DSN", "LIMITS RCPTMAX=1"].map { "250-\($0)\r\n" }.joined()
            let session = "220 mx\r\n250-mx\r\n\(keywords)250 8BITMIME\r\n250 ok\r\n250 ok\r\n550 5.1.1 no\r\n"
            let end = "354 go\r\n250 2.0.0 kept\r\n221 bye\r\n"
            let seed = Data([choice]) + Data((session + end).utf8)
            try seed.write(to: URL(fileURLWithPath: folder).appendingPathComponent("session-\(choice)"))
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

/// What must hold for every server, on top of not trapping. The first octet says which client.
private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard let choice = input.first, count <= 1 << 16, var session = ClientSession(choice) else { return -1 }
    expectSameReplies(Array(input.dropFirst()))
    session.play(input.dropFirst(), byOctet: choice & 4 != 0)
    precondition(session.isClosed && session.closings == 1, "not closed once")
    precondition(session.results.count == 1, "\(session.results.count) results of one transaction")
    precondition(session.results.allSatisfy { $0.outcomes.count == 2 && $0.stages.count == 2 }, "outcomes are missing")
    return 0
}

/// However the octets are cut, the replies are the same.
private func expectSameReplies(_ octets: [UInt8]) {
    func read(_ pieces: [ArraySlice<UInt8>]) -> ([SMTPReply], Bool) {
        var (parser, replies, buffer) = (ReplyParser(), [SMTPReply](), ByteBuffer())
        for piece in pieces {
            buffer.writeBytes(piece)
            do { while let reply = try parser.next(from: &buffer) { replies.append(reply) } } catch {
                return (replies, true)
            }
        }
        return (replies, false)
    }
    let (whole, cut) = (read([octets[...]]), read(octets.indices.map { octets[$0...$0] }))
    precondition(whole == cut, "the cut matters: \(whole) and \(cut)")
}
