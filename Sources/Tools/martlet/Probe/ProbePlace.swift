import SMTPClient

/// Where the server is that a probe speaks with.
enum ProbePlace: CustomStringConvertible {
    case endpoint(SMTPURL.Endpoint)
    /// A command for the shell, on whose standard input and output it speaks.
    case program(String)

    var description: String {
        switch self {
        case .endpoint(let endpoint): "\(endpoint)"
        case .program(let command): command
        }
    }

    /// - Throws: `SMTPError`, or `InputError` where a program cannot be started.
    func connect(timeout: Duration) async throws -> SMTPDialogue {
        switch self {
        case .endpoint(let endpoint): try await SMTPDialogue.connect(to: endpoint, timeout: timeout)
        case .program(let command): try await SMTPDialogue.take(socket: ServerProgram.start(command))
        }
    }
}
