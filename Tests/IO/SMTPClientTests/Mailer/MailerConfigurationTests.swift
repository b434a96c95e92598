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

    @Test func theEnvironmentNamesAUserAndThePassword() throws {
        setenv("MARTLET_TEST_SMTP_URL", "smtps://ann@mx.example", 1)
        defer { unsetenv("MARTLET_TEST_SMTP_URL") }
        let read = {
            try MailerConfiguration.fromEnvironment("MARTLET_TEST_SMTP_URL", password: "MARTLET_TEST_SMTP_PASSWORD")
        }
        let error = try #require(throws: SMTPURLError.self) { try read() }
        #expect(error.description.contains("set MARTLET_TEST_SMTP_PASSWORD"))
        setenv("MARTLET_TEST_SMTP_PASSWORD", "secret", 1)
        defer { unsetenv("MARTLET_TEST_SMTP_PASSWORD") }
        #expect(try read().credentials == .password(user: "ann", password: "secret"))
        setenv("MARTLET_TEST_SMTP_URL", "smtps://mx.example", 1)
        #expect(try read().credentials == nil, "a password alone is for somebody else")
    }

    @Test func aUserAndAPasswordGoTogether() throws {
        #expect(throws: SMTPURLError.self) { try MailerConfiguration(url: "smtp://ann@mx.example") }
        #expect(throws: SMTPURLError.self) { try MailerConfiguration(url: "smtp://mx.example", password: "secret") }
        let configuration = try MailerConfiguration(url: "smtp://ann@mx.example", password: "secret")
        #expect(configuration.credentials == .password(user: "ann", password: "secret"))
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
