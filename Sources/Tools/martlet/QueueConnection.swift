import FoundationEssentials
import MailServer
import MailSpool

/// A queue command's way to the queue and to its user.
struct QueueConnection {
    private let access: QueueAccess
    private let folder: String

    init(_ options: ConfigurationOptions) throws {
        let configuration = try options.loadForQueue()
        access = QueueAccess(configuration: configuration)
        folder = configuration.spoolFolder
    }

    /// Asks, and gives the answers to `take`; a failure ends the command.
    func ask(_ request: QueueRequest, _ take: (ControlAnswer) throws -> Void) async throws {
        do {
            try await access.ask(request) { answer in
                if case .failure(let text) = answer { throw ExitStatus.data.failing(text) }
                try take(answer)
            }
        } catch let error as SpoolError {
            throw ExitStatus(error, otherwise: .unavailable).failing(error.text(folder: folder))
        } catch let error as ControlError {
            throw ExitStatus(error).failing("\(error)")
        }
    }
}
