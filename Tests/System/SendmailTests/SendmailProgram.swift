import Foundation
import MailTesting

/// The built `martlet-sendmail`, for the maildrop of one server.
struct SendmailProgram {
    let maildrop: String

    init(for server: MartletServer) {
        maildrop = server.dataDirectory + "/maildrop"
    }

    static var path: String {
        get throws { try MartletServer.program + "-sendmail" }
    }

    var environment: [String: String] { ["MARTLET_MAILDROP": maildrop] }

    /// Runs it with `input` on its standard input.
    func run(_ arguments: String..., input: String = "hello\n") async throws -> ProcessResult {
        try await MailTesting.run(Self.path, arguments, input: Data(input.utf8), environment: environment)
    }

    /// The messages that wait in the maildrop.
    var waiting: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: maildrop + "/new") }
    }
}

extension Data {
    /// The message as text with LF, and of that the header's fields.
    var text: String { String(decoding: self, as: UTF8.self).replacing("\r\n", with: "\n") }
    var header: String { text.prefix(upTo: text.firstRange(of: "\n\n")?.lowerBound ?? text.endIndex) + "\n" }
    var body: String { text.firstRange(of: "\n\n").map { String(text[$0.upperBound...]) } ?? "" }
}
