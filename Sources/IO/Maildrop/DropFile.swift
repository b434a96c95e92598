import Glibc
package import SendmailCore

/// A message in a maildrop, open for the server to read.
package final class DropFile {
    package let head: DropHead
    /// Octets of the message.
    package let messageLength: UInt64
    /// Who left it here.
    package let userID: UInt32
    private let descriptor: Int32
    private let path: String
    private var left: UInt64

    /// - Throws: `DropFileError` if that is no message of a maildrop.
    package init(_ path: String) throws(DropFileError) {
        // O_NONBLOCK: a named pipe must not hold the server up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw DropFileError(.last("open", path)) }
        do {
            (head, messageLength, userID) = try Self.read(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.path = path
        left = messageLength
    }

    deinit {
        close(descriptor)
    }

    private static func read(
        _ descriptor: Int32, _ path: String
    ) throws(DropFileError) -> (DropHead, UInt64, UInt32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw DropFileError(.last("stat", path)) }
        // A second name would be a way to hand in somebody else's file as one's own.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1 else {
            throw .malformed("it is no plain file with one name")
        }
        do {
            guard let lengths = DropHead.lengths(try FileOctets.read(DropHead.lineLength, from: descriptor, path)),
                UInt64(status.st_size) == UInt64(DropHead.lineLength + lengths.envelope) + lengths.message
            else { throw DropFileError.malformed("it has not the form of a message, or not its length") }
            let lines = try FileOctets.read(lengths.envelope, from: descriptor, path)
            return (try DropHead(lines: lines), lengths.message, status.st_uid)
        } catch let error as MaildropError {
            throw DropFileError(error)
        } catch let error as DropHeadError {
            throw .malformed("\(error)")
        } catch {
            throw error as? DropFileError ?? .malformed("\(error)")
        }
    }

    /// The next octets of the message; none at its end.
    package func read(upTo count: Int) throws(MaildropError) -> [UInt8] {
        let octets = try FileOctets.read(Int(min(UInt64(count), left)), from: descriptor, path)
        left -= UInt64(octets.count)
        if octets.isEmpty, left > 0 { throw MaildropError(operation: "read", path: path, code: EIO) }
        return octets
    }
}

/// Why a file of a maildrop is not taken in.
package enum DropFileError: Error, Equatable, CustomStringConvertible {
    /// It cannot be read now; a later try may succeed.
    case unreadable(MaildropError)
    /// It will never be a message.
    case malformed(String)

    init(_ error: MaildropError) {
        switch error.code {
        case EACCES, EPERM, ELOOP, ENXIO: self = .malformed("the server may not read it: \(error)")
        default: self = .unreadable(error)
        }
    }

    package var description: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .malformed(let reason): reason
        }
    }
}
