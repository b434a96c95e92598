import Foundation
import FuzzDriver
import MailCore
import MailMIME

/// The header of a message that somebody else made.
@main
enum HeaderFuzzer {
    private static let seeds = [
        "Subject: Hello\r\nTo: ann@example.org,\r\n\tbob@example.org\r\n\r\nbody",
        "Delivered-To: ann@example.org\r\nReceived: from x\r\n\r\n", "no field\r\n", "A:\r\n \r\n\r\n", "B: cut of",
    ]

    static func main() throws {
        let named = Dictionary(uniqueKeysWithValues: seeds.enumerated().map { ("header-\($0)", Data($1.utf8)) })
        let ann = try EmailAddress("ann@example.org")
        try FuzzDriver.main(seeds: named) { input in
            expectFields(input)
            _ = DeliveredTo.names(ann, in: input)
            return true
        }
    }

    /// The fields stand one behind the other, each with a name.
    private static func expectFields(_ input: UnsafeRawBufferPointer) {
        var header = HeaderBlock(input)
        var end = input.baseAddress
        while let field = header.next() {
            expect(field.name.count > 0, "a field without a name")
            expect(field.name.baseAddress == end, "something between two fields is left out")
            end = field.value.baseAddress.map { $0 + field.value.count }
            _ = field.text
        }
    }
}
