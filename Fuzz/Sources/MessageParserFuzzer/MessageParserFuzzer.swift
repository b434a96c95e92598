import Foundation
import MailMIME

/// `MessageParserFuzzer [libFuzzer's arguments]` fuzzes; `MessageParserFuzzer seeds FOLDER` writes messages as seeds.
@main
enum MessageParserFuzzer {
    static func main() throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seeds" {
            return try writeSeeds(to: CommandLine.arguments[2])
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(runFuzzer(&count, &arguments) { testOneInput($0, $1) })
    }

    private static func writeSeeds(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (index, seed) in seeds.enumerated() {
            try Data(seed.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent("message-\(index)"))
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
}

/// libFuzzer's way in for a program with a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What must hold for every input, on top of not trapping: it is read the same however it is cut, and written again
/// without a change; all ranges lie within each other.
private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let message = MessageParser.parse(bytes)
    var parser = MessageParser()
    for byte in bytes { parser.receive(CollectionOfOne(byte)) }
    let cut = parser.finish()
    precondition(cut.defects == message.defects, "cut otherwise it has other defects")
    precondition(cut.allParts.map(\.bodyRange) == message.allParts.map(\.bodyRange), "cut otherwise it has other parts")
    precondition(message.written() == bytes, "it is not written as it was read")
    for part in message.allParts {
        precondition(part.headerRange.upperBound == part.bodyRange.lowerBound, "header and body do not meet")
        for inner in part.parts {
            precondition(
                inner.headerRange.lowerBound >= part.bodyRange.lowerBound
                    && inner.bodyRange.upperBound <= part.bodyRange.upperBound, "a part lies outside of its parent")
        }
        _ = part.decodedText()
        for field in part.fields { readValue(field.rawValue) }
        let name = SafeFileName.make(part.fileName, fallback: "part")
        precondition(!name.isEmpty && !name.contains("/") && name != "." && name != "..", "a file name is not safe")
    }
    _ = (message.text, message.html, DeliveryReportReading(message))
    return 0
}

private func readValue(_ value: [UInt8]) {
    _ = HeaderText.decode(value)
    _ = HeaderText.list(value)
    _ = HeaderAddress.list(value)
    _ = MailDate(value)
    _ = ParameterizedValue(value)
    _ = MessageIDList.read(value)
    _ = ReceivedReading(value)
    _ = AddressSyntax(value)
}
