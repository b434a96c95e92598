import Foundation
import MailTesting
import Testing

@Suite(.requires("swaks")) struct SwaksTests {
    @Test func `swaks hands over a message that arrives byte for byte`() async throws {
        let sample = SampleMessage()
        let files = try TemporaryDirectory()
        // swaks ends the message with a line end of its own.
        let file = try files.write(sample.unixBytes.dropLast(), to: "message")
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("swaks"),
                [
                    "--server", "127.0.0.1:\(server.port)", "--from", "you@example.net", "--to", "ann@example.org",
                    "--data", "@\(file)",
                ])
            #expect(result.status == 0, "\(result.output)")
            expectIntact(try await server.message(for: "ann"), sample.bytes)
        }
    }

    @Test(.requires("python3")) func `a picture that swaks attaches arrives intact`() async throws {
        let picture = SampleMessage().picture
        let files = try TemporaryDirectory()
        let file = try files.write(picture, to: "picture.png")
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("swaks"),
                [
                    "--server", "127.0.0.1:\(server.port)", "--from", "you@example.net", "--to", "ann@example.org",
                    "--header", "Subject: A picture", "--body", "See there.", "--attach-type", "image/png", "--attach",
                    "@\(file)",
                ])
            #expect(result.status == 0, "\(result.output)")
            let message = try await PythonMail.read(server.message(for: "ann"))
            #expect(message.subject == "A picture")
            #expect(message.attachments == [picture])
        }
    }

    @Test func `swaks is told which recipient does not exist, and the other one gets the message`() async throws {
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("swaks"),
                [
                    "--server", "127.0.0.1:\(server.port)", "--from", "you@example.net", "--to",
                    "nobody@example.org,ann@example.org", "--header", "Subject: One of two",
                ])
            #expect(result.output.contains("<** 550 "), "\(result.output)")
            #expect(String(decoding: try await server.message(for: "ann"), as: UTF8.self).contains("One of two"))
        }
    }
}
