import MailServer
import MailSpool

/// How a command ends that has not reached the queue.
extension ExitStatus {
    init(_ error: ControlError) {
        self = error.isDenied ? .noPermission : .unavailable
    }

    /// - Parameter other: the code for what has none of its own.
    init(_ error: SpoolError, otherwise other: ExitStatus) {
        switch error {
        case .locked: self = .tryAgain
        case .file(let error) where error.isDenied: self = .noPermission
        default: self = other
        }
    }
}

extension SpoolError {
    /// What a person is told: with a folder that may not be used also where it was named.
    func text(folder: String) -> String {
        guard case .file(let error) = self, error.isDenied else { return description }
        return "\(folder), the queue below the folder that the key data names, may not be used by this user: \(error)"
    }
}
