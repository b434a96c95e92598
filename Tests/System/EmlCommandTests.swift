import Foundation
import MailTesting
import Testing

/// `martlet eml`, as a person and a script use it.
struct EmlCommandTests {
    private static let message = """
        From: Ann <ann@example.org>
        Subject: \u{1B}[31mred
        Content-Type: multipart/mixed; boundary=b

        --b

        text \u{1B}]0;title\u{07}
        --b
        Content-Type: image/png; name="../../a.png"
        Content-Transfer-Encoding: base64

        iVBORw==
        --b--

        """

    private func eml(_ arguments: String..., input: String = message) async throws -> ProcessResult {
        try await run(MartletServer.program, ["eml"] + arguments, input: Data(input.utf8))
    }

    @Test(arguments: [["-"], ["--text", "-"], ["--headers", "-"]])
    func `control characters of a message do not reach the terminal`(arguments: [String]) async throws {
        let result = try await run(MartletServer.program, ["eml"] + arguments, input: Data(Self.message.utf8))
        #expect(result.status == 0)
        #expect(!result.output.utf8.contains(0x1B) && !result.output.utf8.contains(0x07))
        #expect(result.output.contains("\\u{1b}"))
    }

    @Test func `attachments stay in the folder, and nothing is written over`() async throws {
        let folder = try TemporaryDirectory()
        for _ in 1...2 { #expect(try await eml("--extract", folder.path, "-").status == 0) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["a-2.png", "a.png"])
    }

    @Test func `JSON names every part with length and checksum`() async throws {
        let result = try await eml("--json", "-")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let parts = try #require((object["body"] as? [String: Any])?["parts"] as? [[String: Any]])
        #expect(parts.map { $0["type"] as? String } == ["text/plain", "image/png"])
        let decoded = try #require(parts[1]["decoded"] as? [String: Any])
        #expect(decoded["length"] as? Int == 4)
        #expect(
            decoded["sha256"] as? String == "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543")
    }

    @Test func `a part that is not there is an error that says which there are`() async throws {
        let result = try await eml("--part", "7", "-")
        #expect(result.status == 65)
        #expect(result.errors.contains("its parts are 0 to 2"))
    }

    @Test func `uuencoded files count as attachments, and are extracted`() async throws {
        let input = "Subject: old\n\nsee\nbegin 644 ../cat.txt\n#0V%T\n`\nend\n"
        #expect(try await eml("-", input: input).output.contains("uuencoded  text/plain  3 octets  \"../cat.txt\""))
        let json = try await eml("--json", "-", input: input).output
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let attachment = try #require((object["attachments"] as? [[String: Any]])?.first)
        #expect(attachment["filename"] as? String == "../cat.txt")
        #expect(attachment["length"] as? Int == 3)
        let folder = try TemporaryDirectory()
        #expect(try await eml("--extract", folder.path, "-", input: input).status == 0)
        #expect(try String(contentsOfFile: folder.path + "/cat.txt", encoding: .utf8) == "Cat")
    }

    @Test func `a body elsewhere is shown with its place`() async throws {
        let input =
            "Content-Type: message/external-body; access-type=URL; URL=\"http://example.org/a\"\n\nContent-ID: <a@b>\n"
        #expect(try await eml("-", input: input).output.contains("at url http://example.org/a"))
        #expect(try await eml("--json", "-", input: input).output.contains("\"access_type\":\"url\""))
    }

    @Test func `a large message is read the same from a file and from a pipe`() async throws {
        let line = String(repeating: "x", count: 76) + "\n"
        let input = "Content-Type: application/x-lines\n\n" + String(repeating: line, count: 70_000)
        let folder = try TemporaryDirectory()
        let path = folder.path + "/large.eml"
        try input.write(toFile: path, atomically: true, encoding: .utf8)
        let parts = try await [eml("--part", "0", path), eml("--part", "0", "-", input: input)].map(\.output)
        #expect(parts.allSatisfy { $0 == String(repeating: line, count: 70_000) })
        let trees = try await [eml(path), eml("-", input: input)].map(\.output)
        #expect(trees.allSatisfy { $0 == "0  application/x-lines  5390000 octets\n" })
    }

    @Test func `many files are shown in one call, each below its name`() async throws {
        let folder = try TemporaryDirectory()
        let paths = (1...200).map { "\(folder.path)/\($0).eml" }
        for (index, path) in paths.enumerated() {
            try "Subject: \(index)\n\ntext\n".write(toFile: path, atomically: true, encoding: .utf8)
        }
        let result = try await run(MartletServer.program, ["eml"] + paths)
        let lines = result.output.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("==> ") } == paths.map { "==> \($0) <==" })
        #expect(lines.filter { $0.hasPrefix("Subject: ") } == (0..<200).map { "Subject: \($0)" })
    }
}
