/// PLAIN (RFC 4616): `[authzid] NUL authcid NUL passwd` in one response.
struct PlainServer: Sendable {
    func respond(to response: [UInt8]) -> SASLServerStep {
        let parts = response.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3, let authorization = String(validating: parts[0], as: UTF8.self),
            let user = String(validating: parts[1], as: UTF8.self),
            let password = String(validating: parts[2], as: UTF8.self), !user.isEmpty, !password.isEmpty
        else { return .failed(.malformed) }
        return SASLServer.passwordQuestion(authorization: authorization, user: user, password: password)
    }
}

/// LOGIN: a prompt for the user, and one for the password, whose texts clients pass over.
struct LoginServer: Sendable {
    static let userPrompt = Array("Username:".utf8)
    private static let passwordPrompt = Array("Password:".utf8)

    private var user: String?

    mutating func respond(to response: [UInt8]) -> SASLServerStep {
        guard let text = String(validating: response, as: UTF8.self), !text.isEmpty, !text.utf8.contains(0) else {
            return .failed(.malformed)
        }
        guard let user else {
            self.user = text
            return .challenge(Self.passwordPrompt)
        }
        return SASLServer.passwordQuestion(authorization: "", user: user, password: text)
    }
}

extension SASLServer {
    /// Nobody acts for others here: an authorization identity, where one is given, is the user's own.
    static func passwordQuestion(authorization: String, user: String, password: String) -> SASLServerStep {
        guard let user = SASLPrep.prepare(user), !user.isEmpty else { return .failed(.malformed) }
        if !authorization.isEmpty, SASLPrep.prepare(authorization) != user { return .failed(.wrong) }
        return .ask(.password(user: user, password: password))
    }
}
