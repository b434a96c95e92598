import Foundation
import FuzzDriver
import MailCore
import NIOCore
import SMTPCore

/// Servers that say anything at any time, to a client with messages for two recipients each. The first octet says which
/// client.
@main
enum ClientMachineFuzzer {
    static func main() throws {
        try FuzzDriver.main(seeds: seeds, test: test)
    }

    /// A session for each kind of client.
    private static var seeds: [String: Data] {
        let keywords = ["PIPELINING", "CHUNKING", "DSN", "LIMITS RCPTMAX=1"].map { "250-\($0)\r\n" }.joined()
        let session = "220 mx\r\n250-mx\r\n\(keywords)250 8BITMIME\r\n250 ok\r\n250 ok\r\n550 5.1.1 no\r\n"
        let octets = Data((session + "354 go\r\n250 2.0.0 kept\r\n221 bye\r\n").utf8)
        return Dictionary(uniqueKeysWithValues: (UInt8(0)..<16).map { ("session-\($0)", Data([$0]) + octets) })
    }

    /// What must hold for every server, on top of not trapping.
    private static func test(_ input: UnsafeRawBufferPointer) -> Bool {
        guard let choice = input.first, input.count <= 1 << 16, var session = ClientSession(choice) else {
            return false
        }
        expectSameReplies(Array(input.dropFirst()))
        session.play(input.dropFirst(), byOctet: choice & 4 != 0)
        expect(session.isClosed && session.closings == 1, "not closed once")
        expect(session.results.count == session.begun, "\(session.results.count) results of \(session.begun)")
        expect(
            session.results.allSatisfy { $0.outcomes.count == 2 && $0.stages.count == 2 }, "outcomes are missing")
        return true
    }

    /// However the octets are cut, the replies are the same.
    private static func expectSameReplies(_ octets: [UInt8]) {
        let (whole, cut) = (read([octets[...]]), read(octets.indices.map { octets[$0...$0] }))
        expect(whole == cut, "the cut matters: \(whole) and \(cut)")
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> ([SMTPReply], isStopped: Bool) {
        var (parser, replies, buffer) = (ReplyParser(), [SMTPReply](), ByteBuffer())
        for piece in pieces {
            buffer.writeBytes(piece)
            do { while let reply = try parser.next(from: &buffer) { replies.append(reply) } } catch {
                return (replies, true)
            }
        }
        return (replies, false)
    }
}
