import Foundation
import MailMIME
import Testing

/// mail-parser's collection of header values. The cases named here are read otherwise on purpose: docs/mime.md says why.
@Suite(.collections) struct HeaderCollectionTests {
    private func differences(_ name: String, _ differs: ([UInt8], Any) -> Bool) throws -> [Int] {
        let cases = try #require(try CaseCollection.json("mime/header/\(name).json") as? [[String: Any]])
        try #require(!cases.isEmpty)
        return try cases.enumerated().filter { _, one in
            let header = try #require(one["header"] as? String)
            return differs(Array(header.utf8), one["expected"] ?? NSNull())
        }.map(\.offset)
    }

    @Test func `addresses are read as expected, 56 of 60`() throws {
        let found = try differences("address") {
            Expected.addresses(HeaderAddress.list($0)) != Expected.addresses($1)
        }
        #expect(found == [9, 13, 14, 42])
    }

    @Test func `content types and dispositions are read as expected, 99 of 103`() throws {
        let found = try differences("content_type") {
            Expected.contentType(ParameterizedValue($0)) != Expected.contentType($1)
        }
        #expect(found == [34, 55, 56, 61])
    }

    @Test func `dates are read as expected, 39 of 40`() throws {
        #expect(try differences("date") { Expected.date(MailDate($0)) != Expected.date($1) } == [12])
    }

    @Test func `message IDs are read as expected, 10 of 11`() throws {
        #expect(try differences("id") { MessageIDList.read($0) != $1 as? [String] ?? [] } == [6])
    }

    @Test func `lists are read as expected, 7 of 7`() throws {
        #expect(try differences("list") { HeaderText.list($0) != $1 as? [String] } == [])
    }

    @Test func `text is read as expected, 26 of 30`() throws {
        #expect(try differences("unstructured") { HeaderText.decode($0) != $1 as? String } == [21, 22, 27, 28])
    }

    /// Field by field, for hardly two programs agree on all of a Received field.
    @Test func `trace fields are read as expected, at least 96 of 100 clauses`() throws {
        var (same, all) = (0, 0)
        _ = try differences("received") { header, expected in
            let reading = ReceivedReading(header)
            guard let expected = expected as? [String: Any] else { return true }
            let host = { (name: String) in (expected[name] as? [String: String])?.values.first }
            let pairs: [(String?, String?)] = [
                (reading.from, host("from")), (reading.by, host("by")), (reading.helo, host("helo")),
                (reading.fromAddress, expected["from_ip"] as? String),
                (reading.fromReverseName, expected["from_iprev"] as? String),
                (reading.forRecipient, expected["for_"] as? String), (reading.id, expected["id"] as? String),
                (reading.ident, expected["ident"] as? String), (reading.via, expected["via"] as? String),
                (reading.with, (expected["with"] as? String)?.uppercased()),
                (reading.tlsCipher, expected["tls_cipher"] as? String),
                (reading.tlsVersion, (expected["tls_version"] as? String)?.replacing("_", with: ".")),
                (Expected.date(reading.date), Expected.date(expected["date"])),
            ]
            same += pairs.count { $0.0 == $0.1 }
            all += pairs.count
            return false
        }
        #expect(all > 2_000)
        #expect(Double(same) / Double(all) > 0.96, "\(same) of \(all)")
    }
}
