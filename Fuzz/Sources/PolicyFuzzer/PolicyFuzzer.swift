import Foundation
import FuzzDriver
import MailCore
import NIOCore
import PolicyService
import SMTPCore

/// What policy programs answer. However it is cut, the same is understood; a refusal is one, and stays within one reply.
@main
enum PolicyFuzzer {
    private static let seeds = [
        "action=DUNNO\n\n", "action=reject 5.7.2 No lists\n\n", "colour=red\naction=421 4.7.0 Later\n\nmore",
        "action=defer_if_permit Greylisted\r\n\n", "action=PREPEND X: y\n\n", "\n\n", "action=599 a\u{0}b\n\n",
    ]

    static func main() throws {
        let named = Dictionary(uniqueKeysWithValues: seeds.enumerated().map { ("answer-\($0)", Data($1.utf8)) })
        try FuzzDriver.main(seeds: named) { input in
            let octets = Array(input)
            let whole = read([octets])
            let byOctet = read(octets.map { [$0] })
            expect(whole == byOctet, "\(String(describing: whole)), \(String(describing: byOctet)) by octets")
            switch whole {
            case .success(.refuse(let code, let status, let text))?: checkRefusal(code, status, text)
            case .success(.unknown(let action))?: expect(!action.isEmpty, "an action without a name")
            case .success(.noObjection)?: checkConsent(octets)
            case .failure(let failure)?: expect(failure == .unreadable, "\(failure)")
            case nil: expect(octets.count <= PolicyAnswerReader.limit + 1, "an answer without end")
            }
            return true
        }
    }

    private static func read(_ pieces: [[UInt8]]) -> Result<PolicyAnswer, PolicyFailure>? {
        var reader = PolicyAnswerReader()
        var result: Result<PolicyAnswer, PolicyFailure>?
        for piece in pieces {
            let next = reader.receive(ByteBuffer(bytes: piece))
            expect(result == nil || next == nil, "there are two answers")
            result = result ?? next
        }
        return result
    }

    private static func checkRefusal(_ code: Int, _ status: EnhancedStatusCode, _ text: String) {
        let isTemporary = status.class == .persistentTransientFailure
        expect((400...599).contains(code) && status.class != .success, "\(code) \(status) is no refusal")
        expect(isTemporary == (code < 500), "\(code) and \(status) say different things")
        var wire = ByteBuffer()
        SMTPReply(code, status, text).write(to: &wire)
        let written = Array(wire.readableBytesView)
        expect(written.count <= SMTPReply.maximumLineLength, "\(written.count) octets of reply")
        expect(written.dropLast(2).allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a control character in a reply")
    }

    /// Nobody is let in by mistake: the first action says so.
    private static func checkConsent(_ octets: [UInt8]) {
        let words = ["ok", "dunno", "permit", "defer_if_reject"]
        let lines = octets.split(separator: 10).map { String(decoding: $0, as: UTF8.self).lowercased() }
        let action = lines.first { $0.hasPrefix("action=") }?.dropFirst(7).split(separator: " ").first
        expect(action.map { words.contains(String($0)) } ?? false, "taken for consent")
    }
}
