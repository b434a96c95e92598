import Foundation
import FuzzDriver
import MailMIME

/// Messages of any kind. However one is cut, it is read the same, and it is written again without a change; all ranges
/// lie within each other.
@main
enum MessageParserFuzzer {
    static func main() throws {
        let named = Dictionary(uniqueKeysWithValues: seeds.enumerated().map { ("message-\($0)", Data($1.utf8)) })
        try FuzzDriver.main(seeds: named) { input in
            test(Array(input))
            return true
        }
    }

    private static let seeds = [
        """
        From: Ann <ann@example.org>, G: =?utf-8?q?B=C3=BC?= (x) <b@example.org>;
        Date: Sat, 21 Nov 2026 20:00:00 +0100 (CET)
        Received: from a (b [192.0.2.1]) by c with ESMTPS id d for <e@f>; 21 Nov 26 20:00 EST
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain; charset=iso-2022-jp; name*0*=utf-8''a%20; name*1=b
        Content-Transfer-Encoding: quoted-printable

        a=3D=
        b
        --b
        Content-Type: message/rfc822

        Subject: =?koi8-r?b?8NLJ18XU?=

        begin 644 x
        #0V%T
        end
        --b--

        """,
        """
        Content-Type: multipart/report; boundary="b b"

        --b b
        Content-Type: message/delivery-status
        Content-Transfer-Encoding: base64

        UmVwb3J0aW5nLU1UQTogZG5zOyBhCgpBY3Rpb246IGZhaWxlZAo=
        --b b
        Content-Type: message/rfc822
        Content-Transfer-Encoding: base64

        U3ViamVjdDogYQoKYg==
        """,
    ]

    private static func test(_ bytes: [UInt8]) {
        let message = MessageParser.parse(bytes)
        var parser = MessageParser()
        for byte in bytes { parser.receive(CollectionOfOne(byte)) }
        let cut = parser.finish()
        expect(cut.defects == message.defects, "cut otherwise it has other defects")
        expect(cut.allParts.map(\.bodyRange) == message.allParts.map(\.bodyRange), "cut otherwise it has other parts")
        expect(message.written() == bytes, "it is not written as it was read")
        for part in message.allParts {
            expect(part.headerRange.upperBound == part.bodyRange.lowerBound, "header and body do not meet")
            for inner in part.parts {
                expect(
                    inner.headerRange.lowerBound >= part.bodyRange.lowerBound
                        && inner.bodyRange.upperBound <= part.bodyRange.upperBound, "a part lies outside of its parent")
            }
            var pieces: [UInt8] = []
            part.forEachDecodedPiece { pieces += $0 }
            expect(pieces == part.decodedBody().bytes, "piece by piece it is another body")
            _ = (part.decodedText(), part.externalBody)
            check(part.uuencodedFiles, in: pieces.count)
            for field in part.fields {
                expect(field.text == HeaderText.decode(field.rawValue), "the field has two texts")
                readValue(field.rawValue)
            }
            let name = SafeFileName.make(part.fileName, fallback: "part")
            expect(!name.isEmpty && !name.contains("/") && name != "." && name != "..", "a file name is not safe")
        }
        _ = (message.text, message.html, DeliveryReportReading(message))
    }

    /// Files in uuencode lie behind each other. Blanks may be lost at the end of a line, so two octets can mean 63.
    private static func check(_ files: [UUFile], in length: Int) {
        var end = 0
        for file in files {
            expect(file.range.lowerBound >= end && file.range.upperBound <= length, "a file lies elsewhere")
            expect(file.bytes.count <= 32 * file.range.count, "\(file.bytes.count) octets of \(file.range.count)")
            end = file.range.upperBound
        }
    }

    private static func readValue(_ value: [UInt8]) {
        _ = HeaderText.decode(value)
        _ = HeaderText.list(value)
        // What is in front keeps it from being read at one go, and means nothing.
        let comment = Array("(\\x) ".utf8)
        expect(HeaderAddress.list([0x09] + value) == HeaderAddress.list(value), "the addresses are read in two ways")
        expect(MailDate(comment + value) == MailDate(value), "the date is read in two ways")
        expect(ParameterizedValue(comment + value) == ParameterizedValue(value), "the value is read in two ways")
        _ = MessageIDList.read(value)
        _ = ReceivedReading(value)
        _ = AddressSyntax(value)
    }
}
