import MailCore
import MailTesting
import NIOCore
import NIOPosix
import PolicyService
import Synchronization
import Testing
import WebCore

/// Postfix's policy protocol, with a program of the test's on the loopback.
struct PolicyConnectorTests {
    /// What a program that says `text` is asked, and what is understood of its answer.
    private func ask(_ text: String, patience: Duration = patience) async throws
        -> (Result<PolicyAnswer, PolicyFailure>, asked: String)
    {
        let asked = Asked()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Program(text, asked))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let connector = PolicyConnector(
            group: MultiThreadedEventLoopGroup.singleton, post: Self.nowhere, patience: patience)
        let request = PolicyRequest([("sender", "you@example.net"), ("helo_name", "a\nrecipient=b")])
        let port = server.localAddress?.port ?? 0
        let answer: Result<PolicyAnswer, PolicyFailure>
        do throws(PolicyFailure) {
            answer = .success(try await connector.ask(request, at: .tcp(host: "127.0.0.1", port: port)))
        } catch {
            answer = .failure(error)
        }
        try await server.close()
        return (answer, asked.text)
    }

    private static let nowhere: PolicyConnector.Post = { _, _ throws(PolicyFailure) in throw .silent }

    private final class Asked: Sendable {
        private let storage = Mutex("")
        var text: String { storage.withLock { $0 } }
        func add(_ text: String) { storage.withLock { $0 += text } }
    }

    private final class Program: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let answer: String
        private let asked: Asked

        init(_ answer: String, _ asked: Asked) {
            self.answer = answer
            self.asked = asked
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            asked.add(String(buffer: unwrapInboundIn(data)))
            guard asked.text.hasSuffix("\n\n") else { return }
            if answer == "close" { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }

    @Test func `attributes are lines, and no value breaks out of its own`() async throws {
        let (answer, asked) = try await ask("action=DUNNO\n\n")
        #expect(answer == .success(.noObjection))
        #expect(asked == "request=smtpd_access_policy\nsender=you@example.net\nhelo_name=a\n\n")
    }

    @Test(arguments: [
        ("action=dunno\n\n", PolicyAnswer.noObjection), ("action=OK\n\n", .noObjection),
        ("action=reject\n\n", .refuse(code: 554, .init(.permanentFailure, 7, 1), text: "Refused by policy")),
        ("action=REJECT 5.7.2 No lists\n\n", .refuse(code: 554, .init(.permanentFailure, 7, 2), text: "No lists")),
        (
            "action=defer_if_permit Greylisted\n\n",
            .refuse(code: 450, .init(.persistentTransientFailure, 7, 1), text: "Greylisted")
        ),
        ("action=521 Go away\n\n", .refuse(code: 521, .init(.permanentFailure, 7, 1), text: "Go away")),
        ("colour=red\naction=DUNNO\n\n", .noObjection), ("action=PREPEND X: y\n\n", .unknown("PREPEND")),
        ("action=250 fine\n\n", .unknown("250")),
    ])
    func `an action is understood as Postfix means it`(text: String, expected: PolicyAnswer) async throws {
        #expect(try await ask(text).0 == .success(expected))
    }

    @Test(arguments: [
        ("\n\n", PolicyFailure.unreadable), ("colour=red\n\n", .unreadable), ("close", .silent),
        (String(repeating: "x", count: 20_000), .unreadable),
        (String(repeating: "x", count: 20_000) + "\naction=OK\n\n", .unreadable),
    ])
    func `what is no answer is none`(text: String, failure: PolicyFailure) async throws {
        #expect(try await ask(text).0 == .failure(failure))
    }

    @Test func `a program that says nothing is not waited for long`() async throws {
        #expect(try await ask("action=DUNNO\n", patience: .seconds(3)).0 == .failure(.silent))
    }

    @Test func `where no program listens there is no answer`() async throws {
        let connector = PolicyConnector(group: MultiThreadedEventLoopGroup.singleton, post: Self.nowhere)
        let failure = await #expect(throws: PolicyFailure.self) {
            try await connector.ask(PolicyRequest([]), at: .unix(path: "/nowhere/at/all"))
        }
        #expect(failure?.description.hasPrefix("it cannot be reached: ") == true)
    }

    // MARK: Over HTTP

    private func ask(overHTTP text: String) async throws -> (Result<PolicyAnswer, PolicyFailure>, asked: String) {
        let asked = Asked()
        let place = try #require(WebAddress("http://127.0.0.1/policy"))
        let connector = PolicyConnector(group: MultiThreadedEventLoopGroup.singleton) {
            address, body throws(PolicyFailure) in
            asked.add("\(address) \(String(decoding: body, as: UTF8.self))")
            return Array(text.utf8)
        }
        let request = PolicyRequest([("sender", "\"you\"@example.net"), ("helo_name", "a\nb")])
        do throws(PolicyFailure) {
            return (.success(try await connector.ask(request, at: .web(place))), asked.text)
        } catch {
            return (.failure(error), asked.text)
        }
    }

    @Test func `over HTTP attributes are members of an object`() async throws {
        let (answer, asked) = try await ask(overHTTP: #"{"action":"DUNNO"}"#)
        #expect(answer == .success(.noObjection))
        let members = #""request":"smtpd_access_policy","sender":"\"you\"@example.net","helo_name":"a\u000ab""#
        #expect(asked == "http://127.0.0.1/policy {\(members)}")
    }

    @Test(arguments: [
        (#"{"action": "REJECT 5.7.2 No lists", "reason": []}"#, "No lists"),
        ("action=REJECT 5.7.2 No lists\n\n", "No lists"),
        ("action=REJECT 5.7.2 No lists\r\n", "No lists"), (#"{"action":"REJECT 5.7.2 No\r\n250 lists"}"#, "No"),
    ])
    func `actions are the same, in JSON or as a line`(text: String, expected: String) async throws {
        let refusal = PolicyAnswer.refuse(code: 554, .init(.permanentFailure, 7, 2), text: expected)
        #expect(try await ask(overHTTP: text).0 == .success(refusal))
    }

    @Test(arguments: ["", "{}", #"{"action":1}"#, "[]", "<html></html>", "\u{0}"])
    func `a page is no answer`(text: String) async throws {
        #expect(try await ask(overHTTP: text).0 == .failure(.unreadable))
    }
}
