import Foundation
import FuzzDriver
import MailMIME

/// Messages of any kind on their way to a hop of seven or eight bits. What goes there can go there, its parts decode to
/// what they were, and all of it is the same however the message is cut.
@main
enum DowngradeFuzzer {
    static func main() throws {
        let named = Dictionary(uniqueKeysWithValues: seeds.enumerated().map { ("message-\($0)", Data($1.utf8)) })
        try FuzzDriver.main(seeds: named) { input in
            guard let first = input.first else { return false }
            test(Array(input.dropFirst()), isSevenBit: first & 1 == 1)
            return true
        }
    }

    private static let seeds = [
        "1Subject: a\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u{FC}\u{DF}e =\t\r\n",
        """
        1Content-Type: multipart/mixed; boundary=b\r
        Content-Transfer-Encoding: binary\r
        \r
        pr\u{E9}\r
        --b\r
        Content-Type: image/png\r
        Content-Transfer-Encoding: binary\r
        \r
        a\nb\0\r
        --b\r
        Content-Type: message/rfc822\r
        \r
        Subject: =?koi8-r?b?8NLJ18XU?=\r
        Content-Transfer-Encoding: quoted-printable\r
        \r
        \u{E9}=20 =\r
        --b\r
        Content-Type: multipart/signed; boundary=c\r
        \r
        --c\r
        Content-Transfer-Encoding: base64\r
        \r
        YQ==\r
        --c--\r
        --b--\r

        """,
        "0\r\n" + String(repeating: "long ", count: 210) + "\r\n",
    ]

    private static func test(_ message: [UInt8], isSevenBit: Bool) {
        var planner = DowngradePlanner(to: isSevenBit ? .sevenBit : .eightBit)
        planner.receive(message)
        let whole = Result { () throws(DowngradeObstacle) in try planner.finish() }
        planner = DowngradePlanner(to: isSevenBit ? .sevenBit : .eightBit)
        for byte in message { planner.receive([byte]) }
        let cut = Result { () throws(DowngradeObstacle) in try planner.finish() }
        expect(cut == whole, "cut otherwise it has another plan")
        guard case .success(let plan) = whole else { return }
        var writer = DowngradeWriter(plan)
        let changed = writer.receive(message) + writer.finish()
        writer = DowngradeWriter(plan)
        let pieces = message.flatMap { writer.receive([$0]) } + writer.finish()
        expect(pieces == changed, "cut otherwise it becomes another message")
        expect(changed.count == message.count + plan.growth, "its size was told wrong")
        expect(plan.isEmpty == (changed == message), "a plan without changes changes something")
        expectFits(changed, plan)
        expectSame(changed, message)
    }

    private static func expectFits(_ changed: [UInt8], _ plan: DowngradePlan) {
        var survey = ContentSurvey()
        changed.withUnsafeBytes { survey.take($0) }
        expect(!survey.hasLongLine, "a line is too long")
        expect(!survey.has8Bit || plan.body == .eightBit, "its octets were told wrong")
        let hasBareEnd = zip([0] + changed, changed).contains { ($0 == 13) != ($1 == 10) || $1 == 0 }
        expect(!hasBareEnd && changed.last != 13, "it is no text")
    }

    private static func expectSame(_ changed: [UInt8], _ message: [UInt8]) {
        let (old, new) = (MessageParser.parse(message).allParts, MessageParser.parse(changed).allParts)
        // A message that may hold UTF-8 is encoded as a whole.
        guard !old.contains(where: { $0.mediaType == "message/global" }) else { return }
        expect(old.map(\.mediaType) == new.map(\.mediaType), "its parts are others")
        for (before, after) in zip(old, new) where !before.isMultipart && !before.isMessage {
            expect(before.decodedBody().bytes == after.decodedBody().bytes, "a part decodes to something else")
        }
    }
}
