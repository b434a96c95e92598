import MailCore
import MailMIME
import Testing

@Suite struct DowngradeObstacleTests {
    private let long = String(repeating: "x", count: 999)

    private func parts(_ type: String, _ text: String, partType: String = "text/plain") -> [UInt8] {
        Array(
            """
            MIME-Version: 1.0
            Content-Type: \(type); boundary=b

            --b
            Content-Type: \(partType)

            \(text)
            --b--

            """.crlf.utf8)
    }

    @Test(arguments: ["multipart/signed", "multipart/encrypted", "Multipart/Signed; protocol=x"])
    func `what is signed or encrypted is not changed`(type: String) {
        #expect(obstacle(parts(type, "plain"), to: .sevenBit) == nil)
        let eightBit = obstacle(parts(type, "é"), to: .sevenBit)
        #expect(eightBit == DowngradeObstacle(octets: .eightBit, place: .protected))
        #expect(eightBit?.status == EnhancedStatusCode(.permanentFailure, 6, 3))
        #expect(obstacle(parts(type, "é"), to: .eightBit) == nil)
        let line = obstacle(parts(type, long), to: .eightBit)
        #expect(line == DowngradeObstacle(octets: .longLine, place: .protected))
        #expect(line?.status == EnhancedStatusCode(.permanentFailure, 6, 0))
    }

    @Test func `the name of an encoding within what is signed stays, though it says too much`() throws {
        let message = parts("multipart/signed", "plain", partType: "text/plain\r\nContent-Transfer-Encoding: 8bit")
        #expect(try plan(message, to: .sevenBit).isEmpty)
    }

    @Test(arguments: ["message/partial", "message/delivery-status", "multipart/mixed"])
    func `a part that may have no encoding gets none`(type: String) {
        let found = obstacle(parts("multipart/mixed", "\r\né", partType: type), to: .sevenBit)
        #expect(found == DowngradeObstacle(octets: .eightBit, place: .composite))
    }

    @Test func `an encoding that nobody knows is not encoded once more`() {
        let found = obstacle(
            parts("multipart/mixed", "é", partType: "text/plain\r\nContent-Transfer-Encoding: x-own"), to: .sevenBit)
        #expect(found == DowngradeObstacle(octets: .eightBit, place: .encoded))
    }

    @Test func `a field without a blank cannot be folded`() {
        let found = obstacle(Array("X:\(long)\r\n\r\nbody\r\n".utf8), to: .eightBit)
        #expect(found == DowngradeObstacle(octets: .longLine, place: .header))
        #expect(found?.description == "a header has a line of over 998 octets, and cannot be changed")
    }

    @Test(arguments: ["X: a\rb", "X: a\nY: b", "X: a\0b"])
    func `a header that is no text stops a message`(field: String) {
        let found = obstacle(Array("\(field)\r\n\r\nbody\r\n".utf8), to: .eightBit)
        #expect(found == DowngradeObstacle(octets: .binary, place: .header))
    }

    @Test func `a boundary with an LF alone stops a message`() {
        let message = String(decoding: parts("multipart/mixed", "a"), as: UTF8.self)
        let bare = Array(message.replacing("\r\n--b\r\n", with: "\r\n--b\n").utf8)
        #expect(obstacle(bare, to: .eightBit) == DowngradeObstacle(octets: .binary, place: .boundary))
    }

    @Test func `a message that is too deep passes only as it is`() {
        let nest = String(repeating: "Content-Type: message/rfc822\r\n\r\n", count: 70)
        #expect(obstacle(Array("\(nest)\r\nplain\r\n".utf8), to: .sevenBit) == nil)
        #expect(
            obstacle(Array("\(nest)\r\né\r\n".utf8), to: .sevenBit)
                == DowngradeObstacle(octets: .eightBit, place: .tooComplex))
    }

    @Test func `a message of too many parts passes only as it is`() {
        let part = "--b\r\n\r\na\r\n"
        let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        let wide = head + String(repeating: part, count: 10_000)
        #expect(obstacle(Array(wide.utf8), to: .sevenBit) == nil)
        #expect(
            obstacle(Array((wide + "é\r\n").utf8), to: .sevenBit)
                == DowngradeObstacle(octets: .eightBit, place: .tooComplex))
    }
}
