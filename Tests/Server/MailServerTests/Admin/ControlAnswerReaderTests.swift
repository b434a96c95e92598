import Foundation
import Testing

@testable import MailServer

/// What a command hears on the control socket.
struct ControlAnswerReaderTests {
    private static let said =
        #"{"said":{"_0":"one"}}"# + "\n" + #"{"page":{"_0":{"messages":2,"octets":9,"length":12}}}"# + "\n"
        + "{}\n\"\\\nrest\n\n" + #"{"page":{"_0":{"messages":0,"octets":0,"length":0}}}"# + "\n" + #"{"end":{}}"#
        + "\n"

    /// The answers, as text.
    private func answers(_ pieces: [ArraySlice<UInt8>]) throws -> [String] {
        var reader = ControlAnswerReader()
        var answers: [String] = []
        for piece in pieces {
            reader.receive(Array(piece))
            while let answer = try reader.next() {
                switch answer {
                case .page(let page): answers.append("\(page.messages) \(String(decoding: page.text, as: UTF8.self))")
                case .said(let text): answers.append(text)
                case .end: answers.append("end")
                default: answers.append("another")
                }
            }
        }
        return answers
    }

    @Test func `a page of a server that says no length is none`() {
        let page = #"{"page":{"_0":{"messages":1,"octets":9,"text":"{}"}}}"# + "\n"
        #expect(throws: DecodingError.self) { try answers([Array(page.utf8)[...]]) }
    }

    @Test func `however it is cut, answers are lines, and the text of a page is taken as it is`() throws {
        let octets = Array(Self.said.utf8)
        let expected = ["one", "2 {}\n\"\\\nrest\n\n", "0 ", "end"]
        #expect(try answers([octets[...]]) == expected)
        #expect(try answers(octets.indices.map { octets[$0...$0] }) == expected)
        for cut in octets.indices { #expect(try answers([octets[..<cut], octets[cut...]]) == expected) }
    }
}
