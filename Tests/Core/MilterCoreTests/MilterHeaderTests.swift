import MailCore
import Testing

@testable import MilterCore

/// The header of a message, and what changes make of it.
struct MilterHeaderTests {
    private static let text = "Received: one\r\nReceived: two\r\n  folded\r\nsubject : Hello\r\n\r\nBody: no field\r\n"

    private func read(_ text: String, isWhole: Bool = true) -> (header: MilterHeader, end: MilterHeader.End)? {
        MilterHeader.read(Array(text.utf8), isWhole: isWhole)
    }

    /// The header of `text` after some changes.
    private func header(_ changes: MilterChange...) throws -> String {
        var header = try #require(read(Self.text)).header
        for change in changes {
            let isOfHeader = header.apply(change)
            #expect(isOfHeader)
        }
        return String(decoding: header.octets, as: UTF8.self)
    }

    private let value = Array(" new".utf8)

    @Test func `it ends at the empty line, and each field is there as it came`() throws {
        let (header, end) = try #require(read(Self.text))
        #expect(header.fields.map(\.name) == ["Received", "Received", "subject"])
        #expect(String(decoding: header.fields[1].value, as: UTF8.self) == " two\r\n  folded")
        let octets = Array(Self.text.utf8)
        #expect(header.octets + octets[end.fields...] == octets)
        #expect(String(decoding: octets[end.header...], as: UTF8.self) == "Body: no field\r\n")
    }

    @Test(arguments: [
        ("A: b\r\nno field\r\n", 1, 6, 6), ("A: b\r\n", 1, 6, 6), ("\r\nA: b\r\n", 0, 0, 2), ("", 0, 0, 0),
        (" A: b\r\n", 0, 0, 0),
    ])
    func `it ends before a line that is no field`(text: String, count: Int, fields: Int, end: Int) throws {
        let found = try #require(read(text))
        #expect(found.header.fields.count == count)
        #expect(found.end == MilterHeader.End(fields: fields, header: end))
    }

    @Test func `as long as it goes on it is not read`() {
        #expect(read("A: b\r\n", isWhole: false) == nil)
        #expect(read("A: b\r\n\r", isWhole: false) == nil)
        #expect(read("A: b\r\n\r\n", isWhole: false) != nil)
    }

    @Test func `a field is added behind, or put where the filter says`() throws {
        #expect(try header(.addField(name: "X", value: value)).hasSuffix("subject : Hello\r\nX: new\r\n"))
        for index in 0...1 {
            let text = try header(.insertField(index: index, name: "X", value: value))
            #expect(text.hasPrefix("X: new\r\nReceived: one\r\n"))
        }
        #expect(
            try header(.insertField(index: 2, name: "X", value: value)).hasPrefix("Received: one\r\nX: new\r\nRec"))
        #expect(try header(.insertField(index: 99, name: "X", value: value)).hasSuffix("X: new\r\n"))
    }

    @Test func `a field is changed or taken away by its name and number`() throws {
        let second = try header(.changeField(index: 2, name: "RECEIVED", value: value))
        #expect(second == "Received: one\r\nReceived: new\r\nsubject : Hello\r\n")
        let gone = try header(
            .changeField(index: 1, name: "Received", value: []), .changeField(index: 0, name: "Received", value: [32]))
        #expect(gone == "subject : Hello\r\n")
        #expect(try header(.changeField(index: 3, name: "Received", value: value)).hasSuffix("Received: new\r\n"))
        #expect(try header(.changeField(index: 1, name: "X", value: [])) == header(), "what is not there stays away")
    }

    @Test func `what is none of its business changes nothing`() throws {
        var header = try #require(read(Self.text)).header
        let before = header
        for change in [MilterChange.sender(.null), .quarantine(reason: "")] {
            let isOfHeader = header.apply(change)
            #expect(!isOfHeader)
        }
        #expect(header == before)
    }
}
