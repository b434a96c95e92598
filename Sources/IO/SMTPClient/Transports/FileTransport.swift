import Glibc
import MailCore
import NIOPosix
import SMTPCore

/// Writes each message into a folder, as a file that mail programs open: for development, where nothing shall leave.
///
/// The envelope stands before the message, as a delivery agent would write it: `Return-Path`, and a `Delivered-To` for
/// each recipient, blind copies too.
public struct FileTransport: MailTransport {
    /// The folder's path.
    public let directory: String

    /// - Parameter directory: a folder; it is made where there is none, but not the one it lies in.
    public init(directory: String) {
        self.directory = directory
    }

    public func deliver(_ submission: MailSubmission, deadline: ContinuousClock.Instant) async throws -> MailReceipt {
        let name = "\(Timestamp.now)-\(String(UInt64.random(in: 0 ... .max), radix: 36)).eml"
        let directory = directory
        try await NIOThreadPool.singleton.runIfActive {
            try Self.makeDirectory(directory)
            try Self.write(Self.fields(of: submission.envelope), submission.content, to: name, in: directory)
        }
        return MailReceipt(
            accepting: submission.envelope, SMTPReply(250, EnhancedStatusCode(.success, 0, 0), "queued as \(name)"))
    }

    private static func fields(of envelope: Envelope) -> [UInt8] {
        let recipients = envelope.recipients.map { "Delivered-To: \($0.address)\r\n" }
        return Array("Return-Path: \(envelope.reversePath)\r\n\(recipients.joined())".utf8)
    }

    private static func makeDirectory(_ path: String) throws(SMTPError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw SMTPError(file: path, errno)
    }

    /// Writes under a name that nobody looks for, and renames: a file that can be seen is whole.
    private static func write(_ prefix: [UInt8], _ content: [UInt8], to name: String, in directory: String) throws {
        let (path, temporary) = ("\(directory)/\(name)", "\(directory)/.\(name)")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SMTPError(file: temporary, errno) }
        let error = writeAll(prefix, to: descriptor) ?? writeAll(content, to: descriptor)
        Glibc.close(descriptor)
        if error == nil, rename(temporary, path) == 0 { return }
        let code = error ?? errno
        unlink(temporary)
        throw SMTPError(file: path, code)
    }

    /// The error's number; nil if all was written.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : EIO }
                rest = rest.dropFirst(count)
            }
            return nil
        }
    }
}

extension SMTPError {
    fileprivate init(file path: String, _ code: Int32) {
        self.init(
            unsent: "\(path): \(String(cString: strerror(code)))", isTransient: code == ENOSPC || code == EDQUOT,
            hint: "The folder must be there, or be made, and this program must be allowed to write to it.")
    }
}
