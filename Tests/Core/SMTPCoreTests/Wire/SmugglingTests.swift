import Testing

@testable import SMTPCore

/// SMTP smuggling (CVE-2023-51764 and its like): what other servers take for an end of data must not be one here.
struct SmugglingTests {
    static let lineEnds = [
        "\r\n", "\n", "\r", "\r\r\n", "\n\r", "\0\r\n", "\r\0\n", "\r\n\0", "\u{B}", "\u{C}", "\u{85}", "\u{2028}",
    ]
    static let dots = [".", ".\0", " .", ". ", "\0.", ".\t", "\u{FF0E}"]

    /// Every line end, dot and line end that together hold no CRLF dot CRLF.
    static let variants = combinations.filter { !$0.utf8.contains("\r\n.\r\n".utf8) }

    private static let combinations = lineEnds.flatMap { before in
        dots.flatMap { dot in lineEnds.map { "\(before)\(dot)\($0)" } }
    }

    @Test func `no variant of the end of data ends it, wherever the network cuts`() throws {
        #expect(Self.variants.count > 900)
        let smuggled = "MAIL FROM:<admin@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nforged\r\n.\r\n"
        for variant in Self.variants {
            let result = readData("Subject: x\r\n\r\nbody" + variant + smuggled + "NOOP")
            let isOrdinary = !variant.utf8.contains(0) && !hasBareLineEnd(variant)
            #expect(result.ended && result.rest == "NOOP", "\(variant.debugDescription)")
            #expect(result.code == (isOrdinary ? nil : 550), "\(variant.debugDescription)")
        }
    }

    @Test func `nor does it where LF is converted`() {
        for variant in Self.variants {
            let result = readData("body" + variant + "MAIL FROM:<>\r\n.\r\nNOOP", convertsBareLF: true)
            #expect(result.ended && result.rest == "NOOP", "\(variant.debugDescription)")
        }
    }

    @Test(arguments: ["\r\r\n.\r\n", "\0\r\n.\r\n"])
    func `a CRLF dot CRLF ends the message, and a CR or NUL before it refuses it`(variant: String) {
        let result = readData("body" + variant + "NOOP")
        #expect(result.ended && result.rest == "NOOP")
        #expect(result.code == 550)
    }

    private func hasBareLineEnd(_ text: String) -> Bool {
        let rest = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        return rest.dropLast().contains { $0.last != 13 } || rest.contains { $0.dropLast().contains(13) }
            || rest.last?.last == 13
    }
}
