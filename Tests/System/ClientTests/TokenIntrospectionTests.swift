import Foundation
import MailTesting
import Testing

/// Access tokens that only whoever gave them out can read.
@Suite(.requires("python3")) struct TokenIntrospectionTests {
    /// The replies to AUTH with each of some tokens, in sessions of their own, and the log.
    private func replies(
        to tokens: [String], path: String = "/introspect", secret: String = "s 1"
    ) async throws -> (replies: [String], log: String) {
        let files = try TemporaryDirectory()
        try files.write(Data("\(secret)\n".utf8), to: "secret")
        let web = try await WebServer()
        let configuration = """
            [oauth]
            introspection_endpoint = "http://127.0.0.1:\(web.port)\(path)"
            client_id = "martlet"
            client_secret_file = "\(files.path("secret"))"
            scope = "mail"
            """
        return try await MartletServer.with(configuration: configuration, listener: [#"auth = "clear""#]) { server in
            var replies: [String] = []
            for token in tokens {
                let client = try RawConnection(port: server.port)
                _ = try await client.reply()
                #expect(try await client.ask("EHLO c").contains("OAUTHBEARER"))
                let response = Data("n,,\u{1}auth=Bearer \(token)\u{1}\u{1}".utf8).base64EncodedString()
                let reply = try await client.ask("AUTH OAUTHBEARER \(response)")
                replies.append(reply.hasPrefix("334") ? try await client.ask("AQ==") : reply)
            }
            return (replies, server.log)
        }
    }

    @Test func `the user is whom the answer names`() async throws {
        let (replies, log) = try await replies(to: ["good", "subject"])
        #expect(replies.allSatisfy { $0.hasPrefix("235 2.7.0") }, "\(replies)")
        #expect(log.contains("user=ann@example.org"))
    }

    @Test func `a token that is spent, too old, for other purposes or of a stranger is refused, and never told`()
        async throws
    {
        let (replies, log) = try await replies(to: ["spent-token", "old", "narrow", "stranger"])
        #expect(replies.allSatisfy { $0.hasPrefix("535 5.7.8") }, "\(replies)")
        for reason in ["it is not good", "it has expired", "it is for other purposes", "eve@example.net is no user"] {
            #expect(log.contains(reason), "\(reason)")
        }
        #expect(!log.contains("spent-token"))
    }

    @Test(arguments: [("/status/500", "s 1", "the HTTP status 500"), ("/introspect", "wrong", "the HTTP status 401")])
    func `while nobody says what a token is worth the client is to come again`(
        path: String, secret: String, reason: String
    ) async throws {
        let (replies, log) = try await replies(to: ["good"], path: path, secret: secret)
        #expect(replies.allSatisfy { $0.hasPrefix("454 4.7.0") }, "\(replies)")
        #expect(log.contains(reason))
        #expect(!log.contains("Bearer") && !log.contains(secret == "wrong" ? "wrong" : "s%201"))
    }
}
