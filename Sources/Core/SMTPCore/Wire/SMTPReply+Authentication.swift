extension SMTPReply {
    /// The reply to AUTH as others may see it: without what the server says of the secret, from which it could be guessed
    /// (RFC 4954 §4). That the login failed, and why, is said.
    package var withoutSecrets: SMTPReply {
        switch severity {
        case .positiveCompletion, .positiveIntermediate: SMTPReply(code, status, lines: ["[secret]"])
        case .transientNegative, .permanentNegative: self
        }
    }
}
