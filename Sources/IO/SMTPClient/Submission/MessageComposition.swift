import Glibc
import MailMIME
import NIOPosix

/// Composes a message in memory, and reads the files that it takes along on a thread that may block.
enum MessageComposition {
    private static let pieceSize = 256 * 1_024

    /// - Parameter limit: the most octets the whole message may have.
    /// - Throws: `SMTPError` naming the file that cannot be read, or the limit.
    static func content(of message: MailMessage, limit: Int) async throws -> [UInt8] {
        let writer = MessageWriter(message)
        try checkSize(Int(clamping: writer.size), limit: limit)
        let hasFiles = message.attachments.contains { if case .file = $0.content { true } else { false } }
        guard hasFiles else { return message.bytes }
        return try await NIOThreadPool.singleton.runIfActive { try write(writer) }
    }

    /// - Throws: `SMTPError` if a message of that size is not sent at all.
    static func checkSize(_ size: Int, limit: Int) throws(SMTPError) {
        guard size > limit else { return }
        throw SMTPError(
            unsent: "the message has \(size) octets, more than the \(limit) allowed here",
            hint: "Send a link in place of a large attachment, or allow more: largestMessage.")
    }

    private static func write(_ writer: MessageWriter) throws -> [UInt8] {
        var writer = writer
        var output: [UInt8] = []
        output.reserveCapacity(Int(writer.size))
        var file: (path: String, descriptor: Int32)?
        defer { if let file { close(file.descriptor) } }
        while let step = writer.next() {
            switch step {
            case .write(let bytes): output += bytes
            case .read(let path):
                let open = try file ?? (path, descriptor(of: path))
                file = open
                let piece = try read(open.descriptor, path)
                if piece.isEmpty {
                    close(open.descriptor)
                    file = nil
                }
                try append(piece, to: &writer)
            }
        }
        return output
    }

    private static func append(_ piece: [UInt8], to writer: inout MessageWriter) throws {
        do throws(CompositionError) {
            if piece.isEmpty { try writer.endFile() } else { try writer.append(piece) }
        } catch {
            throw SMTPError(unsent: error.description)
        }
    }

    private static func descriptor(of path: String) throws -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SMTPError(unsent: "\(path): \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// The next piece; an empty one at the end of the file.
    private static func read(_ descriptor: Int32, _ path: String) throws -> [UInt8] {
        var code: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { room, count in
            var result = Glibc.read(descriptor, room.baseAddress, pieceSize)
            while result < 0, errno == EINTR { result = Glibc.read(descriptor, room.baseAddress, pieceSize) }
            if result < 0 { code = errno }
            count = max(0, result)
        }
        guard code == 0 else { throw SMTPError(unsent: "\(path): \(String(cString: strerror(code)))") }
        return piece
    }
}
