public import Foundation

extension MartletServer {
    /// The user's Maildir.
    ///
    /// - Parameter domain: a local domain of one's own; nil for that of every test server.
    public func maildir(_ user: String, in domain: String? = nil) -> String {
        "\(dataDirectory)/mail/\(domain ?? self.domain)/\(user)"
    }

    /// The messages in the user's Maildir, by file name.
    public func messages(for user: String, in domain: String? = nil) throws -> [Data] {
        try Maildir(path: maildir(user, in: domain)).messages()
    }

    /// Waits for this many messages in the user's Maildir.
    public func messages(
        for user: String, count: Int, timeout: Duration = patience, isolation: isolated (any Actor)? = #isolation
    ) async throws -> [Data] {
        try await eventually("\(count) messages for \(user)", timeout: timeout) {
            guard try Maildir(path: self.maildir(user)).paths().count >= count else { return nil }
            return try self.messages(for: user)
        }
    }

    /// Waits for the one message in the user's Maildir.
    public func message(for user: String, isolation: isolated (any Actor)? = #isolation) async throws -> Data {
        try await messages(for: user, count: 1)[0]
    }
}
