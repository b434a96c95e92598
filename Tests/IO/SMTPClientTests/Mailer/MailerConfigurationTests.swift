import Foundation
import MailCore
import SMTPClient
import Testing

@Suite(.serialized) struct MailerConfigurationTests {
    @Test func theEnvironmentNamesTheServer() throws {
        setenv("MARTLET_TEST_SMTP_URL", "lmtp:///run/lmtp", 1)
        defer { unsetenv("MARTLET_TEST_SMTP_URL") }
        let configuration = try MailerConfiguration.fromEnvironment("MARTLET_TEST_SMTP_URL")
        #expect(configuration.server == SMTPURL(.unix("/run/lmtp"), isLMTP: true))
    }

    @Test(arguments: [("", "not set"), ("localhost:1025", "no URL"), ("imap://mx.example", "scheme")])
    func whatIsWrongWithTheEnvironmentIsSaid(value: String, word: String) throws {
        setenv("MARTLET_TEST_SMTP_URL", value, 1)
        defer { unsetenv("MARTLET_TEST_SMTP_URL") }
        let error = try #require(throws: SMTPURLError.self) {
            try MailerConfiguration.fromEnvironment("MARTLET_TEST_SMTP_URL")
        }
        #expect(error.description.hasPrefix("MARTLET_TEST_SMTP_URL") && error.description.contains(word))
    }

    /// What is asked for and cannot be had is an error, and nothing of the message is sent.
    @Test(arguments: [TLSPolicy.must, .verify])
    func neverSendsInClearTextWhereTLSIsAskedFor(tls: TLSPolicy) async throws {
        let server = try await ScriptedServer([
            .say("220 mx\r\n"), .hear("EHLO "), .say("250 mx\r\n"), .hear("QUIT\r\n"), .close,
        ])
        var configuration = try MailerConfiguration.of(server)
        configuration.tls = tls
        configuration.retry = .once
        let error = try await #require(throws: SMTPError.self) {
            try await withMailer(configuration) { _ = try await $0.send(message(to: "bob")) }
        }
        #expect(error.description.contains("STARTTLS"))
        try await server.stop()
    }

    @Test func neverSendsWithoutTheCredentialsItWasGiven() async throws {
        let server = try await ScriptedServer([
            .say("220 mx\r\n"), .hear("EHLO"), .say("250 mx\r\n"), .hear("QUIT"), .say("221 bye\r\n"), .close,
        ])
        var configuration = try MailerConfiguration.of(server)
        configuration.credentials = .password(user: "ann", password: "secret")
        configuration.retry = .once
        let error = try await #require(throws: SMTPError.self) {
            try await withMailer(configuration) { _ = try await $0.send(message(to: "bob")) }
        }
        #expect(error.stage == .auth)
        #expect(!server.heard.text.contains("MAIL"))
        #expect(!"\(configuration)".contains("secret"))
        try await server.stop()
    }

    @Test func thisMachineHasAName() throws {
        let configuration = try MailerConfiguration(url: "smtp://mx.example")
        let name = configuration.client.localName.description
        #expect(name == "[127.0.0.1]" || name.contains("."))
    }
}
