import SMTPClient

/// Sends one message: `SMTP_URL=smtp://localhost:2525 swift run send-mail you@example.net ann@example.org`.
@main struct SendMail {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { return print("usage: send-mail FROM TO") }
        let message = try MailMessage(
            from: Mailbox(parsing: arguments[1]), to: [Mailbox(parsing: arguments[2])], subject: "Grüße",
            text: "Hello", html: "<p>Hello</p>")
        do {
            try await withMailer(.fromEnvironment()) { mailer in
                let receipt = try await mailer.send(message)
                print("sent as \(receipt.queueID ?? "-")")
                for refused in receipt.rejected { print("not taken: \(refused)") }
            }
        } catch let error as SMTPError {
            print("not sent: \(error)")
            if let hint = error.hint { print(hint) }
        } catch let error as SMTPURLError {
            print(error)
        }
    }
}
