import MailCore
import MailMIME
import SMTPClient
import SMTPCore

/// A message to the given local parts at mx.example.
func message(to names: String..., text: String = "Hello") throws -> MailMessage {
    try MailMessage(
        from: "Ann <ann@client.example>", to: names.map { try Mailbox(parsing: "\($0)@mx.example") },
        subject: "Greeting",
        text: text)
}

extension MailerConfiguration {
    /// For a server of the test, greeted as client.example.
    static func of(
        _ server: ScriptedServer, timeout: Duration = .seconds(240), retry: MailerRetry = .once,
        limits: SMTPPoolLimits = .init(idleTime: .seconds(600))
    ) throws -> MailerConfiguration {
        MailerConfiguration(
            server: server.url, timeout: timeout, retry: retry, limits: limits,
            localName: .domain(try Domain("client.example")))
    }
}

extension ScriptedServer.Step {
    /// Greeting and hello of a server that offers these extensions.
    static func opening(_ extensions: String...) -> [ScriptedServer.Step] {
        let lines = ["mx"] + extensions
        let reply = lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)\r\n" }.joined()
        return [.say("220 mx ESMTP\r\n"), .hear("EHLO client.example\r\n"), .say(reply)]
    }
}
