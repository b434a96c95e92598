import Glibc
import MailCore
import Maildrop
import SendmailCore

/// The exit codes of sysexits.h.
enum ExitStatus: Int32 {
    case success = 0
    case usage = 64
    case data = 65
    case unavailable = 69
    case system = 71
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case noPermission = 77
    case configuration = 78
}

/// Why a message was not taken: one line for a person, and the exit code for the caller.
struct SendmailFailure: Error {
    let status: ExitStatus
    let text: String

    init(_ status: ExitStatus, _ text: String) {
        self.status = status
        self.text = text
    }

    /// A full disk passes; what the user may not do does not.
    init(_ error: MaildropError) {
        switch error.code {
        case ENOSPC, EDQUOT: self.init(.tryAgain, "there is no room for the message: \(error)")
        case EACCES, EPERM: self.init(.noPermission, "this user may not leave mail here: \(error)")
        case E2BIG: self.init(.data, "the envelope is too large")
        default: self.init(.tryAgain, "the message could not be stored: \(error)")
        }
    }

    static func usage<Value>(_ body: () throws(SendmailUsageError) -> Value) throws(SendmailFailure) -> Value {
        do throws(SendmailUsageError) {
            return try body()
        } catch {
            throw SendmailFailure(.usage, "\(error); try --help")
        }
    }

    static func maildrop<Value>(_ body: () throws(MaildropError) -> Value) throws(SendmailFailure) -> Value {
        do throws(MaildropError) {
            return try body()
        } catch {
            throw SendmailFailure(error)
        }
    }

    static func address<Value>(
        _ text: String, _ body: () throws(AddressError) -> Value
    ) throws(SendmailFailure) -> Value {
        do throws(AddressError) {
            return try body()
        } catch {
            throw SendmailFailure(.data, "\(text) is no address: \(error)")
        }
    }
}
