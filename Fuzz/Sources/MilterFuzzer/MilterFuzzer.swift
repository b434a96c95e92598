import Foundation
import FuzzDriver
import MilterCore
import NIOCore

/// What a filter says, and the header that it changes. However the octets are cut, the machine does the same; whatever a
/// filter wants, a header stays a header.
@main
enum MilterFuzzer {
    private static let agreement: [UInt8] = [0, 0, 0, 13, 79, 0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0, 0, 0]
    private static let header = Array(
        "Received: one\r\nReceived: two\r\n\tthree\r\nSubject: Hello\r\n\r\nHello.\r\n".utf8)

    private static let seeds: [String: [UInt8]] = [
        "agreement": agreement,
        "symbols": [0, 0, 0, 19, 79, 0, 0, 0, 6, 0, 0, 1, 0xFF, 0, 0x10, 4, 0, 0, 0, 0, 2, 105, 0],
        "verdict": agreement + packet("c"),
        "reply": agreement + packet("p") + packet("y550-5.7.1 One\r\n550 5.7.1 Two\0"),
        "fields": agreement + packet("hX-A\0b\r\n\tc\0") + packet("i\0\0\0\u{1}X-B\0d\0")
            + packet("m\0\0\0\u{1}Subject\0\0"),
        "envelope": agreement + packet("e<a@b.example>\0") + packet("+c@d.example\0")
            + packet("2<e@f.example>\0NOTIFY=NEVER\0") + packet("-<g@h.example>\0") + packet("qwhy\0") + packet("a"),
        "body": agreement + packet("bNew.\r\n") + packet("bbody.\r\n") + packet("d"),
    ]

    private static func packet(_ text: String) -> [UInt8] {
        [0, 0, UInt8(text.utf8.count >> 8), UInt8(text.utf8.count & 0xFF)] + Array(text.utf8)
    }

    static func main() throws {
        try FuzzDriver.main(seeds: seeds.mapValues { Data($0) }) { input in
            let octets = Array(input)
            let whole = actions([octets])
            let byOctet = actions(octets.map { [$0] })
            expect(whole == byOctet, "\(whole) in one piece, \(byOctet) by octets")
            change(header, by: whole)
            if let (read, end) = MilterHeader.read(octets, isWhole: true) {
                expect(end.fields <= end.header && end.header <= octets.count, "an end beyond the message")
                let isWhole = octets.starts(with: read.octets) && read.octets.count == end.fields
                expect(isWhole, "a header is not what it was")
            }
            return true
        }
    }

    /// What the machine does with the octets of a filter that is asked about a whole message.
    private static func actions(_ pieces: [[UInt8]]) -> [MilterAction] {
        var machine = MilterMachine(largestBody: 4_096)
        var actions: [MilterAction] = []
        for piece in pieces {
            machine.receive(ByteBuffer(bytes: piece))
            while let action = machine.next() {
                if action == .ready { machine.tell(.endOfMessage) }
                if case .send = action { continue }
                actions.append(action)
            }
        }
        return actions
    }

    /// Makes the changes: what comes out has as many fields as were read, and nothing breaks out of one.
    private static func change(_ octets: [UInt8], by actions: [MilterAction]) {
        guard var header = MilterHeader.read(octets, isWhole: true)?.header else { return }
        for case .change(let change) in actions { _ = header.apply(change) }
        let text = header.octets + [13, 10]
        guard let (read, end) = MilterHeader.read(text, isWhole: true) else {
            return expect(false, "no header is left")
        }
        expect(end.header == text.count, "a header ends in its middle")
        expect(read == header, "a change made other fields than it said")
    }
}
