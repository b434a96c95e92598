import MailOAuth
import Synchronization
import WebClient
import WebCore

/// Asks whoever gives out access tokens what one is worth, so many at once and no more. Tokens are told to nobody else.
final class TokenIntrospector: Sendable {
    private static let most = 50

    private let web: WebConnector
    private let running = Mutex(0)

    init(_ web: WebConnector) {
        self.web = web
    }

    /// - Throws: `IntrospectionFailure` where it cannot be found out now.
    func introspection(
        of token: String, at endpoint: WebAddress, client: String, secret: String
    ) async throws(IntrospectionFailure) -> TokenIntrospection {
        let mayAsk = running.withLock { running in
            guard running < Self.most else { return false }
            running += 1
            return true
        }
        guard mayAsk else { throw .busy }
        defer { running.withLock { $0 -= 1 } }
        let post = WebPost(
            type: "application/x-www-form-urlencoded", body: TokenIntrospection.question(about: token).octets,
            authorization: TokenIntrospection.authorization(client: client, secret: secret))
        let body: [UInt8]
        do throws(WebFailure) {
            body = try await web.post(post, to: endpoint)
        } catch {
            throw .web(error)
        }
        guard let introspection = TokenIntrospection(body) else { throw .web(.unreadable) }
        return introspection
    }
}

/// Why it cannot be found out now what a token is worth.
enum IntrospectionFailure: Error, CustomStringConvertible {
    case web(WebFailure)
    case busy

    var description: String {
        switch self {
        case .web(let failure): "\(failure)"
        case .busy: "too many questions are under way"
        }
    }
}
