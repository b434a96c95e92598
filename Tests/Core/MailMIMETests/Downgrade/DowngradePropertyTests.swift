import Foundation
import MailCore
import MailMIME
import Testing

@Suite struct DowngradePropertyTests {
    @Test func `whatever a message is, its parts decode to the same, and it can travel`() throws {
        var source = MessageSource(seed: 1)
        var changes = 0
        for _ in 0..<1_500 {
            let message = source.message()
            for hop in [EnvelopeOptions.Body.sevenBit, .eightBit] {
                guard let plan = try? plan(message, to: hop) else { continue }
                var writer = DowngradeWriter(plan)
                let changed = writer.receive(message) + writer.finish()
                if changed != message { changes += 1 }
                #expect(changed.count == message.count + plan.growth)
                #expect(plan.isEmpty == (changed == message))
                expectSame(changed, message)
                expectFits(changed, hop, plan)
            }
        }
        #expect(changes > 500, "so the test says something")
    }

    @Test func `however a message is cut, plan and result are the same`() throws {
        var source = MessageSource(seed: 2)
        for _ in 0..<150 {
            let message = source.message()
            let whole = Result { () throws(DowngradeObstacle) in try plan(message, to: .sevenBit) }
            for step in [1, 2, 3, 7, 64] {
                let pieces = stride(from: 0, to: message.count, by: step).map {
                    Array(message[$0..<min($0 + step, message.count)])
                }
                var planner = DowngradePlanner(to: .sevenBit)
                for piece in pieces { planner.receive(piece) }
                let cut = Result { () throws(DowngradeObstacle) in try planner.finish() }
                #expect(cut == whole)
                guard let plan = try? whole.get() else { continue }
                var writer = DowngradeWriter(plan)
                let changed = pieces.flatMap { writer.receive($0) } + writer.finish()
                #expect(changed == (try downgraded(message, to: .sevenBit)))
            }
        }
    }

    @Test func `Python's email package reads the same content before and after`() throws {
        var source = MessageSource(seed: 3, isProper: true)
        for _ in 0..<40 {
            let message = source.message()
            let changed = try downgraded(message, to: .sevenBit)
            let before = String(decoding: try Python.run(Self.contents, input: message), as: UTF8.self)
            let after = String(decoding: try Python.run(Self.contents, input: changed), as: UTF8.self)
            #expect(before == after, "\(String(decoding: message, as: UTF8.self))")
        }
    }

    private static let contents = """
        import sys, email, email.policy
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        for part in message.walk():
            payload = None if part.is_multipart() else part.get_payload(decode=True)
            print(part.get_content_type(), [(n, v) for n, v in part.items() if n.lower() not in
                ('mime-version', 'content-transfer-encoding')], payload)
        """

    private func expectSame(_ changed: [UInt8], _ message: [UInt8]) {
        let (old, new) = (MessageParser.parse(message).allParts, MessageParser.parse(changed).allParts)
        #expect(old.map(\.mediaType) == new.map(\.mediaType))
        for (before, after) in zip(old, new) where !before.isMultipart && !before.isMessage {
            if before.decodedBody().bytes != after.decodedBody().bytes {
                Issue.record(
                    "\(String(reflecting: String(decoding: message, as: UTF8.self)))\nbecame\n\(String(reflecting: String(decoding: changed, as: UTF8.self)))"
                )
                return
            }
        }
    }

    private func expectFits(_ changed: [UInt8], _ hop: EnvelopeOptions.Body, _ plan: DowngradePlan) {
        var survey = ContentSurvey()
        changed.withUnsafeBytes { survey.take($0) }
        #expect(!survey.hasLongLine)
        #expect(survey.has8Bit == (plan.body == .eightBit))
        let hasBareEnd = zip([0] + changed, changed).contains { ($0 == 13) != ($1 == 10) || $1 == 0 }
        #expect(!hasBareEnd && changed.last != 13)
    }
}

/// Makes messages that are more or less proper, the same ones for the same seed.
private struct MessageSource {
    private var state: UInt64
    /// Whether they are made as a mail program would.
    private let isProper: Bool

    init(seed: UInt64, isProper: Bool = false) {
        state = seed
        self.isProper = isProper
    }

    mutating func message() -> [UInt8] {
        Array((chance(2) ? "MIME-Version: 1.0\r\n" : "Subject: a\r\n").utf8) + part(depth: 0)
    }

    private mutating func part(depth: Int) -> [UInt8] {
        switch number(depth > 3 ? 3 : 6) {
        case 3:
            let boundary = isProper ? "b\(depth)" : pick(["b", "bb", "b\(depth)"])
            return Array(
                "Content-Type: multipart/\(pick(isProper ? ["mixed", "alternative"] : ["mixed", "digest", "signed"]))"
                    .utf8)
                + Array("; boundary=\(boundary)\r\n\(label())\r\n".utf8) + parts(boundary, depth)
        case 4: return Array("Content-Type: message/rfc822\r\n\(label())\r\n".utf8) + part(depth: depth + 1)
        default: return leaf()
        }
    }

    private mutating func parts(_ boundary: String, _ depth: Int) -> [UInt8] {
        var bytes = isProper ? [] : text()
        for _ in 0...number(3) {
            bytes += Array("\r\n--\(boundary)\r\n".utf8) + part(depth: depth + 1)
        }
        if isProper || !chance(5) { bytes += Array("\r\n--\(boundary)--\r\n".utf8) + (isProper ? [] : text()) }
        return bytes
    }

    private mutating func leaf() -> [UInt8] {
        let type = pick(["", "Content-Type: text/plain; charset=utf-8\r\n", "Content-Type: image/png\r\n"])
        switch isProper ? 3 : number(6) {
        case 0: return Array("\(type)Content-Transfer-Encoding: base64\r\n\r\n".utf8) + text()
        case 1: return Array("\(type)Content-Transfer-Encoding: quoted-printable\r\n\r\n".utf8) + text()
        case 2: return Array(type.utf8) + text()
        default: return Array("\(type)\(label())\r\n".utf8) + text()
        }
    }

    private mutating func label() -> String {
        chance(3)
            ? "" : "Content-Transfer-Encoding: \(pick(["7bit", "8bit", "8bit", isProper ? "8bit" : "binary"]))\r\n"
    }

    private mutating func text() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<number(12) {
            bytes += Array(
                pick(["word", " ", "  \r\n", "\r\n", "é", "=", "=C3", "=\r\n", "\t", "-", "--", "чай"]).utf8)
            if chance(40) { bytes += Array(String(repeating: pick(["x", "xy ", "="]), count: 1_000).utf8) }
            if !isProper, chance(30) { bytes += Array(pick(["\0", "\r", "\n", "--b\r\n", "\r\n--b--", "YWJj"]).utf8) }
        }
        return isProper ? bytes + Array("é.\r\nend".utf8) : bytes
    }

    private mutating func chance(_ count: Int) -> Bool { number(count) == 0 }

    private mutating func pick(_ texts: [String]) -> String { texts[number(texts.count)] }

    private mutating func number(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }
}
