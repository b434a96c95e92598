import Foundation
import MailCore
import MailTesting
import NIOCore
import QueueCore
import Testing

@testable import Delivery

/// What a next hop gets of a message, by what it offers.
struct RelayContentTests {
    private static let text = "MIME-Version: 1.0\r\nSubject: tea\r\n\r\nViele Grüße an alle.\r\n"
    private static let encoded =
        "MIME-Version: 1.0\r\nSubject: tea\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + "Viele Gr=C3=BC=C3=9Fe an alle.\r\n"
    private static let binary =
        "MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: binary\r\n\r\na\nb\r\0\r\n.\r\n"
    private static let base64 =
        "MIME-Version: 1.0\r\nContent-Type: application/x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + "YQpiDQANCi4NCg==\r\n"

    /// Hands a message to a server with these keywords, from memory and from a file, and tells what the server read.
    private func relay(
        _ body: String, _ options: EnvelopeOptions = .init(), to keywords: [String],
        expecting action: Outcome.Action = .delivered, _ check: (String, [Outcome]) throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(Data(body.utf8), to: "body")
        let bodies: [MessageContent.Body] = [
            .memory(ByteBuffer(string: body)), .file(path: path, offset: 0, length: UInt64(body.utf8.count)),
        ]
        for body in bodies {
            let remote = try await ScriptedRemote(.init(keywords: keywords))
            let job = try DeliveryJob.test("bob", to: .mx(port: remote.port), body: body, options: options)
            let report = try await RelayBench(.hosts("127.0.0.1")).deliver(job)
            #expect(report.actions == [action] && report.condition == .reachable, "\(report.outcomes)")
            try check(String(decoding: remote.octets, as: UTF8.self), report.outcomes)
            try await remote.stop()
        }
    }

    @Test(arguments: [["8BITMIME"], ["8BITMIME", "PIPELINING", "CHUNKING"], ["8BITMIME", "CHUNKING", "BINARYMIME"]])
    func `text beyond ASCII goes as it is where 8BITMIME is offered, also if nobody announced it`(
        keywords: [String]
    ) async throws {
        for options in [EnvelopeOptions(), EnvelopeOptions(body: .eightBit)] {
            try await relay(Self.text, options, to: keywords) { read, _ in
                #expect(read.contains("BODY=8BITMIME\r\n") && read.contains(Self.text))
            }
        }
    }

    @Test(arguments: [[], ["PIPELINING", "CHUNKING"], ["CHUNKING", "BINARYMIME", "SIZE 1000000"]])
    func `it is encoded where 8BITMIME is not offered`(keywords: [String]) async throws {
        for options in [EnvelopeOptions(), EnvelopeOptions(body: .eightBit)] {
            try await relay(Self.text, options, to: keywords) { read, _ in
                #expect(!read.contains("BODY=") && read.contains(Self.encoded) && !read.contains("ü"))
                let size = "Received: from a by b; c\r\n".utf8.count + Self.encoded.utf8.count
                #expect(read.contains("SIZE=\(size)\r\n") == keywords.contains("SIZE 1000000"))
            }
        }
    }

    @Test func `what was announced as 8-bit and is ASCII goes unchanged to everybody`() async throws {
        for keywords in [["8BITMIME"], []] {
            try await relay(DeliveryJob.body, .init(body: .eightBit), to: keywords) { read, _ in
                #expect(read.contains("BODY=8BITMIME") == !keywords.isEmpty && read.contains(DeliveryJob.body))
            }
        }
    }

    @Test func `a binary message goes octet for octet where BINARYMIME and CHUNKING are offered`() async throws {
        try await relay(Self.binary, .init(body: .binary), to: ["CHUNKING", "BINARYMIME"]) { read, _ in
            #expect(read.contains("BODY=BINARYMIME\r\n"))
            let size = "Received: from a by b; c\r\n".utf8.count + Self.binary.utf8.count
            #expect(read.contains("BDAT \(size) LAST\r\nReceived: from a by b; c\r\n\(Self.binary)"))
        }
    }

    @Test(arguments: [[], ["8BITMIME"], ["8BITMIME", "CHUNKING", "PIPELINING"], ["8BITMIME", "BINARYMIME"]])
    func `elsewhere it is encoded`(keywords: [String]) async throws {
        try await relay(Self.binary, .init(body: .binary), to: keywords) { read, _ in
            #expect(read.contains(Self.base64) && !read.contains("BODY=") && !read.contains("\0"))
        }
    }

    @Test func `a line that is too long is encoded for every server`() async throws {
        let line = String(repeating: "word ", count: 300)
        for keywords in [["8BITMIME", "CHUNKING"], []] {
            try await relay("MIME-Version: 1.0\r\n\r\n\(line).\r\n", to: keywords) { read, _ in
                #expect(read.contains("Content-Transfer-Encoding: quoted-printable\r\n"))
                #expect(read.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 })
                #expect(read.replacing("=\r\n", with: "").contains("\(line)."))
            }
        }
    }

    @Test(arguments: [
        ("Gr\u{FC}\u{DF}e", "5.6.3", "no 8BITMIME"), (String(repeating: "x", count: 999), "5.6.0", "such lines"),
    ])
    func `what is signed stays, and fails where it cannot go`(
        text: String, status: String, reason: String
    ) async throws {
        let body = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\(text)\r\n--b--\r\n"
        try await relay(body, to: [], expecting: .failed) { read, outcomes in
            #expect(!read.contains("MAIL") && "\(outcomes[0].status)" == status)
            #expect(outcomes[0].diagnostic.contains("signed") && outcomes[0].diagnostic.contains(reason))
            #expect(outcomes[0].remoteHost == "mx1.example")
        }
    }

    @Test func `a second host may carry what the first does not`() async throws {
        let body = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nGrüße\r\n--b--\r\n"
        let first = try await ScriptedRemote(.init(keywords: []), host: "127.0.0.2")
        let second = try await ScriptedRemote(.init(keywords: ["8BITMIME"]), host: "127.0.0.3", port: first.port)
        let job = try DeliveryJob.test("bob", to: .mx(port: first.port), body: .memory(ByteBuffer(string: body)))
        let report = try await RelayBench(.hosts("127.0.0.2", "127.0.0.3")).deliver(job)
        #expect(report.actions == [.delivered] && report.outcomes[0].remoteHost == "mx2.example")
        #expect(first.lines("MAIL").isEmpty)
        try await first.stop()
        try await second.stop()
    }

    @Test func `a large message is changed while it is sent`() async throws {
        let line = "Viele Grüße an alle, und eine Zeile, die lang genug ist.\r\n"
        let body = "Subject: Large\r\n\r\n" + String(repeating: line, count: 20_000)
        try await relay(body, to: []) { read, _ in
            #expect(read.split(separator: "Gr=C3=BC=C3=9Fe").count == 20_001)
            #expect(read.hasSuffix(".\r\nQUIT\r\n") || read.hasSuffix(".\r\n.\r\n"))
        }
    }

    @Test func `a large binary message is streamed with one BDAT`() async throws {
        let body = Self.binary + String(repeating: "line\n", count: 300_000)
        try await relay(body, .init(body: .binary), to: ["CHUNKING", "BINARYMIME", "PIPELINING"]) { read, _ in
            #expect(read.utf8.count - read.prefix(2_000).utf8.count > 1_400_000 && read.contains(body))
        }
    }
}
