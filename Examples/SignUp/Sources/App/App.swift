import Hummingbird
import SMTPClient

/// A web application that greets whoever signs up: `SMTP_URL=smtp://localhost:2525 swift run App`, then
/// `curl -X POST 'http://localhost:8080/sign-up?mail=ann@example.org'`.
@main struct App {
    static func main() async throws {
        let mailer = Mailer(try .fromEnvironment())
        try await application(mailer).runService()
    }
}

/// The mailer is one of the application's services: it is shut down after the last request.
func application(_ mailer: Mailer) -> some ApplicationProtocol {
    let router = Router()
    router.post("sign-up") { request, _ -> HTTPResponse.Status in
        guard let text = request.uri.queryParameters["mail"], let mailbox = try? Mailbox(parsing: String(text)) else {
            throw HTTPError(.badRequest, message: "Say who you are: ?mail=ann@example.org")
        }
        let message = try MailMessage(
            from: "Shop <shop@example.com>", to: [mailbox], subject: "Welcome", text: "Good to have you here.")
        do {
            try await mailer.send(message, timeout: .seconds(10))
            return .accepted
        } catch let error as SMTPError {
            throw HTTPError(error.isTransient ? .serviceUnavailable : .badRequest, message: "\(error)")
        }
    }
    return Application(router: router, services: [mailer])
}
