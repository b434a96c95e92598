import Glibc

/// A system call that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call, as its manual page names it.
    package let call: String
    /// `errno` behind the call; 0 where a file ended before its time.
    package let code: Int32

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String {
        code == 0 ? "\(call): the file is too short" : "\(call): \(String(cString: strerror(code)))"
    }
}
