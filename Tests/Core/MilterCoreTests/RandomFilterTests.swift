import MailCore
import NIOCore
import Testing

@testable import MilterCore

/// Filters that say anything: what a fuzzer looks for, on a small scale and with each test run.
struct RandomFilterTests {
    private typealias Script = MilterScript

    /// Numbers that look random and are the same each time.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let packets = [
        Script.packet("p"), Script.packet("c"), Script.packet("d"), Script.packet("y", "550-5.7.1 A\r\n550 5.7.1 B\0"),
        Script.packet("h", "X-A\0b\r\n\tc\0"), Script.packet("i", "\0\0\0\u{1}X-B\0d\0"),
        Script.packet("m", "\0\0\0\u{1}Subject\0\0"), Script.packet("m", "\0\0\0\u{2}Received\0a\nb\0"),
        Script.packet("b", "New.\r\n"), Script.packet("e", "<a@b.example>\0"), Script.packet("+", "c@d.example\0"),
        Script.packet("2", "<e@f.example>\0NOTIFY=NEVER\0"), Script.packet("q", "why\0"),
    ]

    private func said(_ numbers: inout Numbers) -> [UInt8] {
        var octets: [UInt8] = []
        for _ in 0..<Int.random(in: 1...6, using: &numbers) {
            octets += Self.packets.randomElement(using: &numbers) ?? []
        }
        for _ in 0..<Int.random(in: 0...3, using: &numbers) {
            octets[octets.indices.randomElement(using: &numbers) ?? 0] = UInt8.random(in: 0...255, using: &numbers)
        }
        return octets
    }

    @Test func `however it is cut the same comes of it, and a header stays a header`() throws {
        let text = Array("Received: one\r\nReceived: two\r\n\tthree\r\nSubject: Hello\r\n\r\nHello.\r\n".utf8)
        let before = try #require(MilterHeader.read(text, isWhole: true)).header
        var numbers = Numbers(state: 7)
        var changes = 0
        for round in 0..<3_000 {
            let octets = said(&numbers)
            let cut = Int.random(in: 0...octets.count, using: &numbers)
            let whole = Script.actions(octets)
            #expect(Script.actions(Array(octets[..<cut]), Array(octets[cut...])) == whole, "round \(round)")
            var header = before
            for case .change(let change) in whole where header.apply(change) { changes += 1 }
            let read = MilterHeader.read(header.octets + [ASCII.cr, ASCII.lf], isWhole: true)
            #expect(read?.header == header, "round \(round)")
            #expect(read?.end.header == header.octets.count + 2, "round \(round)")
        }
        #expect(changes > 1_000)
    }
}
