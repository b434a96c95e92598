import MailMIME
import Testing

/// Files and bodies that are not where MIME has them: uuencoded in text, or elsewhere altogether.
@Suite struct EmbeddedFileTests {
    private func part(_ header: String, _ body: String) -> MessagePart {
        MessageParser.parse(Array("\(header)\n\n\(body)".utf8)).root
    }

    @Test func `uuencoded files in plain text are found, each with its name and its place`() throws {
        let body = "two files\nbegin 644 cat.txt\n#0V%T\n`\nend\nand\r\nbegin 600 a b.png\r\n#0V%T\r\n`\r\nend\r\n"
        let files = part("Subject: x", body).uuencodedFiles
        #expect(files.map(\.name) == ["cat.txt", "a b.png"])
        #expect(files.allSatisfy { $0.bytes == Array("Cat".utf8) })
        let range = try #require(files.first?.range)
        #expect(String(decoding: Array(body.utf8)[range], as: UTF8.self) == "begin 644 cat.txt\n#0V%T\n`\nend\n")
    }

    @Test(arguments: [
        "begin 644 is how it starts\nand this is text\nend\n", "begin 644 cat.txt\n#0V%T\n", "begin at once\nend\n",
        "beginning 644 cat.txt\nend\n",
    ])
    func `text that only begins like a file is text`(body: String) {
        #expect(part("Subject: x", body).uuencodedFiles == [])
    }

    @Test func `files are found below an encoding, and not in other types`() {
        let body = "begin 644 cat.txt\n#0V%T\n`\nend\n"
        let quoted = "begin=20644 cat.txt\n#0V%T\n`\nend\n"
        #expect(part("Content-Transfer-Encoding: quoted-printable", quoted).uuencodedFiles.count == 1)
        #expect(part("Content-Type: text/html", body).uuencodedFiles == [])
    }

    @Test func `a body elsewhere says how to reach it`() throws {
        let header = """
            Content-Type: message/external-body; access-type=ANON-FTP; name="a.ps"; site=ftp.example.org;
             directory="pub"; mode=image; size=4711; expiration="Fri, 14 Jun 1991 19:13:14 -0400 (EDT)"
            """
        let part = part(header, "Content-Type: application/postscript\nContent-ID: <x@example.org>\n\nnothing\n")
        let body = try #require(part.externalBody)
        #expect(body.accessType == "anon-ftp")
        #expect(
            [body.name, body.site, body.directory, body.server, body.url] == [
                "a.ps", "ftp.example.org", "pub", nil, nil,
            ])
        #expect(body.size == 4_711)
        #expect(body.expiration?.year == 1_991)
        #expect(body.header.root.mediaType == "application/postscript")
        #expect(part.parts.isEmpty)
    }

    @Test func `blanks are no part of the URL of a body elsewhere`() {
        let type = "message/external-body; access-type=URL; URL=\"http://example.org/ a\r\n b\""
        #expect(part("Content-Type: \(type)", "").externalBody?.url == "http://example.org/ab")
        #expect(part("Content-Type: message/external-body", "").externalBody == nil)
        #expect(part("Content-Type: text/plain; access-type=url", "").externalBody == nil)
    }
}
