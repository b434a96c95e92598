import Glibc
import MailCore
import Synchronization

/// Where it is written who is logged in at which terminal.
public protocol LoginRecords: Sendable {
    /// The paths of the terminals at which a user is logged in.
    func terminals(of user: String) -> [String]
}

/// The records of the system, as getutxent(3) reads them.
public struct SystemLoginRecords: LoginRecords {
    /// Records that are read at most; a file that is longer is none of login's making.
    private static let mostRecords = 10_000
    /// getutxent keeps its place in the file for the whole process.
    private static let lock = Mutex(())

    public init() {}

    public func terminals(of user: String) -> [String] {
        Self.lock.withLock { _ in
            setutxent()
            defer { endutxent() }
            var paths: [String] = []
            for _ in 0..<Self.mostRecords {
                guard let record = getutxent() else { break }
                guard record.pointee.ut_type == Int16(USER_PROCESS), Self.text(record.pointee.ut_user) == user else {
                    continue
                }
                let line = Self.text(record.pointee.ut_line)
                if Self.isDeviceName(line) { paths.append("/dev/\(line)") }
            }
            return paths
        }
    }

    /// `tty1`, `pts/3`: nothing that leads out of `/dev`.
    private static func isDeviceName(_ line: String) -> Bool {
        !line.isEmpty && !line.hasPrefix("/") && !line.contains("..")
            && line.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }
    }

    /// The text of a field of fixed length, which ends at a NUL or at its own end.
    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
