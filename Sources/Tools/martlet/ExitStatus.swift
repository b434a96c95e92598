import ArgumentParser

/// The exit codes of sysexits.h, and the one way in which every command fails: a line on standard error, then the code.
enum ExitStatus: Int32 {
    case usage = 64
    case data = 65
    case noInput = 66
    case noUser = 67
    case noHost = 68
    case unavailable = 69
    case software = 70
    case system = 71
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case `protocol` = 76
    case noPermission = 77
    case configuration = 78

    /// Says what went wrong, and gives the code to be thrown.
    func failing(_ text: String) -> ExitCode {
        StandardError.print("martlet: \(text)")
        return ExitCode(rawValue)
    }
}
