/// Why a probe goes no further.
enum ProbeEnd: Error {
    /// It was asked to say QUIT after this stage.
    case quit(after: ProbeStage)
    /// It was asked to close the connection here.
    case dropped(ProbeStage, afterSending: Bool)
    /// Something is wrong, and the exit code says so.
    case failed(ExitStatus, stage: String, String)
}
