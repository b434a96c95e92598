import Foundation
import MailTesting
import Testing

/// A message with what is easily damaged on its way: lines that begin with dots, a line of one dot, a `From ` line,
/// spaces at line ends, empty lines at its end, a line of 998 octets, 8-bit text, and a picture.
struct SampleMessage {
    /// As on the wire, with CRLF.
    let bytes: Data
    /// What the picture consists of.
    let picture: Data

    init(from sender: String = "you@example.net", to recipient: String = "ann@example.org") {
        picture = Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 7) })
        let base64 = picture.base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
        let lines = [
            "From: \(sender)", "To: \(recipient)", "Subject: A picture", "Date: Sat, 21 Nov 2026 20:00:00 +0000",
            "Message-ID: <sample@example.net>", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=cut", "",
            "--cut", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
            ".", "..", ".leading dot", "From here on", "trailing blanks   ", "\tGrüße, 火", "",
            String(repeating: "x", count: 998), "", "--cut", "Content-Type: image/png; name=picture.png",
            "Content-Disposition: attachment; filename=picture.png", "Content-Transfer-Encoding: base64", "",
        ]
        let text =
            lines.joined(separator: "\r\n") + "\r\n"
            + base64.replacing("\r\n", with: "\r").replacing("\r", with: "\r\n")
        bytes = Data((text + "\r\n--cut--\r\n\r\n\r\n").utf8)
    }

    /// With LF alone, for clients that read text files.
    var unixBytes: Data { Data(String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").utf8) }
}

/// Expects that a delivered message ends with exactly the bytes that were sent, and that before them stands only what a
/// server adds (RFC 5321 §4.4): header fields, `Return-Path` and `Received` among them.
func expectIntact(
    _ delivered: Data, _ sent: Data, from sender: String = "you@example.net",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard delivered.count > sent.count, delivered.suffix(sent.count) == sent else {
        Issue.record(
            "not what was sent:\n\(String(decoding: delivered.prefix(4_000), as: UTF8.self))",
            sourceLocation: sourceLocation)
        return
    }
    let added = String(decoding: delivered.dropLast(sent.count), as: UTF8.self)
    #expect(added.hasPrefix("Return-Path: <\(sender)>\r\n"), sourceLocation: sourceLocation)
    #expect(added.contains("\r\nReceived: from "), sourceLocation: sourceLocation)
    #expect(!added.contains("\r\n\r\n") && added.hasSuffix("\r\n"), sourceLocation: sourceLocation)
}
