import Foundation
import MailTesting
import Testing

@Suite struct ExplainCommandTests {
    @Test(arguments: [["451", "4.7.1"], ["451 4.7.1 Greylisted, come again"], ["451-4.7.1 Greylisted"]])
    func `codes are explained as a server wrote them`(arguments: [String]) async throws {
        let result = try await run(MartletServer.program, ["explain"] + arguments)
        #expect(result.status == 0)
        let paragraphs = result.output.replacing("\n\n", with: "\u{1}").split(separator: "\u{1}")
        #expect(paragraphs.count == 2)
        #expect(paragraphs[0].hasPrefix("451  Requested action aborted: local error in processing\n"))
        #expect(paragraphs[1].contains("Usual causes: greylisting"))
        #expect(paragraphs[1].contains("Who must act: nobody yet; the sending server tries again by itself."))
        #expect(paragraphs[1].hasSuffix("Source: RFC 3463 §3.8\n"))
    }

    @Test func `programs read one object a code`() async throws {
        struct Line: Decodable {
            let code, who: String
            let registered: Bool
        }
        let result = try await run(MartletServer.program, ["explain", "--json", "550", "5.1.1", "5.9.9"])
        let lines = try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        #expect(lines.map(\.code) == ["550", "5.1.1", "5.9.9"])
        #expect(lines.map(\.who) == ["author", "author", "sending side"])
        #expect(lines.map(\.registered) == [true, true, false])
    }

    @Test func `a contradiction is named, and the reply code counts`() async throws {
        let result = try await run(MartletServer.program, ["explain", "250 5.1.1 Bad destination"])
        #expect(result.status == 0 && result.output.contains("\n\n5.1.1  Bad destination mailbox address\n"))
        #expect(result.output.contains("250 and 5.1.1 contradict each other: the second has to begin with the digit"))
        #expect(result.output.contains("What counts is 250; whoever runs the server that answered should mend it.\n"))
    }

    @Test(arguments: ["hello", "199", "6.1.1", "", "5.1"]) func `what is no code is said to be none`(
        text: String
    ) async throws {
        let result = try await run(MartletServer.program, ["explain", text])
        #expect(result.status == 64)
        #expect(result.errors == "martlet: there is no code in '\(text)'; codes look like 451 or 4.7.1\n")
    }
}
