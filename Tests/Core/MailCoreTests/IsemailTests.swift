import Foundation
import MailCore
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The addresses of the isemail project (BSD), judged as the envelope is: what RFC 5321 doesn't write is refused, though
/// it may stand in a header.
@Suite(.enabled(if: isemailFile != nil, "MARTLET_CASES names no folder with address/isemail-tests.xml"))
struct IsemailTests {
    private static let accepted: Set = ["ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321"]

    private static let lengthIsAMinimum = "RFC 5321 §4.5.3.1.3 says what must be taken at least"
    private static let valueCounts = "the bound of 64 octets is that of the value, without quotes and backslashes"

    /// Where this project judges otherwise, and why.
    private static let differences = [
        "39": lengthIsAMinimum, "40": lengthIsAMinimum,
        "43": "an empty quoted local part is nobody's name",
        "59": valueCounts, "60": valueCounts,
        "66": "by the letter of RFC 5321 §4.1.3 it is a literal with a tag of its own",
        "71": "`::` for one group is deprecated by RFC 5952, but RFC 4291 reads it",
    ]

    @Test func `addresses are judged as RFC 5321 does`() throws {
        let file = try #require(isemailFile)
        let document = try XMLDocument(contentsOf: URL(fileURLWithPath: file))
        var judged = 0
        for case let test as XMLElement in try document.nodes(forXPath: "//test") {
            let values = Dictionary(
                uniqueKeysWithValues: (test.children ?? []).map { ($0.name ?? "", $0.stringValue ?? "") })
            guard let category = values["category"], let id = test.attribute(forName: "id")?.stringValue else {
                continue
            }
            let text = Self.withControls(values["address"] ?? "")
            let isAccepted = (try? EmailAddress(text)) != nil
            let agrees = isAccepted == Self.accepted.contains(category)
            #expect(agrees == (Self.differences[id] == nil), "\(id) \(text.debugDescription) \(category)")
            judged += 1
        }
        #expect(judged > 150)
    }

    /// Control characters stand in the file as their pictures.
    private static func withControls(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isPicture = (0x2400...0x241F).contains(scalar.value)
            result.append(isPicture ? Unicode.Scalar(UInt8(scalar.value - 0x2400)) : scalar)
        }
        return String(result)
    }
}

private let isemailFile = ProcessInfo.processInfo.environment["MARTLET_CASES"]
    .map { "\($0)/address/isemail-tests.xml" }
    .flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
