import FoundationEssentials
import MailServer
import MailSpool

/// A queue command's way to the queue and to its user.
struct QueueConnection {
    private let access: QueueAccess

    init(_ options: ConfigurationOptions) throws {
        access = QueueAccess(configuration: try options.load())
    }

    /// Asks, and gives the answers to `take`; a failure ends the command.
    func ask(_ request: QueueRequest, _ take: (ControlAnswer) throws -> Void) async throws {
        do {
            try await access.ask(request) { answer in
                if case .failure(let text) = answer { throw ExitStatus.data.failing(text) }
                try take(answer)
            }
        } catch let error as SpoolError {
            throw ExitStatus.unavailable.failing("\(error)")
        } catch let error as ControlError {
            throw ExitStatus.unavailable.failing("\(error)")
        }
    }

    /// A value as one line of JSON.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
