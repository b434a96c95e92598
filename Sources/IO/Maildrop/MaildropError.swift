import Glibc

/// A failed system call on a maildrop.
package struct MaildropError: Error, Equatable, CustomStringConvertible {
    package let operation: String
    package let path: String
    /// `errno`.
    package let code: Int32

    /// The error that `errno` tells now.
    static func last(_ operation: String, _ path: String) -> MaildropError {
        MaildropError(operation: operation, path: path, code: errno)
    }

    /// Whether there is no such file any more.
    package var isMissing: Bool { code == ENOENT }

    package var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}
