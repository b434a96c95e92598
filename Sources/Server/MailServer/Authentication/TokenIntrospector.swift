import MailOAuth
import WebClient
import WebCore

/// Asks whoever gives out access tokens what one is worth. Tokens are told to nobody else.
struct TokenIntrospector: Sendable {
    private let web: WebConnector

    init(_ web: WebConnector) {
        self.web = web
    }

    /// - Throws: `WebFailure` where it cannot be found out now.
    func introspection(
        of token: String, at endpoint: WebAddress, client: String, secret: String
    ) async throws(WebFailure) -> TokenIntrospection {
        let post = WebPost(
            type: "application/x-www-form-urlencoded", body: TokenIntrospection.question(about: token).octets,
            authorization: TokenIntrospection.authorization(client: client, secret: secret))
        guard let introspection = TokenIntrospection(try await web.post(post, to: endpoint)) else { throw .unreadable }
        return introspection
    }
}
