/// OAUTHBEARER (RFC 7628) and XOAUTH2: an OAuth 2.0 access token in one response. A refusal is a challenge with the
/// reason, which the client answers before it hears of the failure.
struct BearerServer: Sendable {
    let isXOAUTH2: Bool
    private var isRefused = false

    init(isXOAUTH2: Bool) {
        self.isXOAUTH2 = isXOAUTH2
    }

    mutating func respond(to response: [UInt8]) -> SASLServerStep {
        if isRefused { return .failed(.wrong) }
        guard let text = String(validating: response, as: UTF8.self) else { return .failed(.malformed) }
        let fields = text.split(separator: "\u{1}", omittingEmptySubsequences: false)
        guard let first = fields.first, fields.suffix(2).allSatisfy(\.isEmpty), fields.count >= 4 || isXOAUTH2,
            let authorization = fields.first(where: { $0.hasPrefix("auth=") })?.dropFirst(5), let user = user(in: first)
        else { return .failed(.malformed) }
        let words = authorization.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer" else { return .failed(.malformed) }
        return .ask(.token(user: user.isEmpty ? nil : user, token: String(words[1])))
    }

    /// `user=ann` of XOAUTH2, or `n,a=ann,` of a gs2-header that binds no channel.
    private func user(in field: Substring) -> String? {
        if isXOAUTH2 { return field.hasPrefix("user=") ? SASLPrep.prepare(String(field.dropFirst(5))) : nil }
        let parts = field.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y", parts[2].isEmpty else { return nil }
        if parts[1].isEmpty { return "" }
        guard parts[1].hasPrefix("a=") else { return nil }
        return ScramMessage.decodeName(parts[1].dropFirst(2)).flatMap(SASLPrep.prepare)
    }

    mutating func refuse() -> SASLServerStep {
        isRefused = true
        return .challenge(Array(#"{"status":"invalid_token","schemes":"bearer"}"#.utf8))
    }
}
