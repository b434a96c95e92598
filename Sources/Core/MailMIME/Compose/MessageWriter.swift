import MailCore

/// Writes a message piece by piece, so that a large one takes little memory. What is in files it asks for:
///
///     var writer = MessageWriter(message)
///     while let step = writer.next() {
///         switch step {
///         case .write(let bytes): send(bytes)
///         case .read(let path):
///             let bytes = readOn(path)
///             if bytes.isEmpty { try writer.endFile() } else { try writer.append(bytes) }
///         }
///     }
public struct MessageWriter: Sendable {
    public enum Step: Hashable, Sendable {
        /// Octets of the message, the next ones.
        case write([UInt8])
        /// What comes next in this file is wanted, a piece of any size: `append(_:)` it, or `endFile()`.
        case read(path: String)
    }

    /// How many octets of an attachment in memory are encoded at once.
    private static let pieceSize = 57 * 1_024

    /// How many octets the whole message has.
    public let size: UInt64
    private let segments: [MessageSegment]
    private var index = 0
    /// Octets of the segment that were taken.
    private var position: UInt64 = 0
    private var encoder = Base64LineEncoder()
    private var encoded: [UInt8] = []

    public init(_ message: MailMessage) {
        segments = MessageSegment.segments(of: message)
        size = segments.reduce(0) { $0 + $1.size }
    }

    /// What to do now; nil at the end of the message.
    public mutating func next() -> Step? {
        if !encoded.isEmpty {
            defer { encoded = [] }
            return .write(encoded)
        }
        while index < segments.count {
            switch segments[index] {
            case .octets(let bytes):
                index += 1
                return .write(bytes)
            case .base64(let bytes):
                if let piece = nextPiece(of: bytes) { return .write(piece) }
            case .file(let path, _): return .read(path: path)
            }
        }
        return nil
    }

    private mutating func nextPiece(of bytes: [UInt8]) -> [UInt8]? {
        let start = Int(position)
        guard start < bytes.count else {
            (index, position) = (index + 1, 0)
            return nil
        }
        let end = min(start + Self.pieceSize, bytes.count)
        position = UInt64(end)
        return Base64.encodeLines(bytes[start..<end])
    }
}

extension MessageWriter {
    /// Answers `.read` with what comes next in the file.
    ///
    /// - Throws: `CompositionError.fileChanged` if the file has more octets than was said.
    /// - Precondition: the last step was `.read`.
    public mutating func append(_ bytes: [UInt8]) throws(CompositionError) {
        let (path, size) = fileBeingRead
        guard UInt64(bytes.count) <= size - position else { throw .fileChanged(path: path) }
        position += UInt64(bytes.count)
        encoded = encoder.encode(bytes)
    }

    /// Answers `.read`: there is nothing more in the file.
    ///
    /// - Throws: `CompositionError.fileChanged` if the file has fewer octets than was said.
    /// - Precondition: the last step was `.read`.
    public mutating func endFile() throws(CompositionError) {
        let (path, size) = fileBeingRead
        guard position == size else { throw .fileChanged(path: path) }
        encoded = encoder.finish()
        (index, position) = (index + 1, 0)
    }

    private var fileBeingRead: (path: String, size: UInt64) {
        guard index < segments.count, case .file(let path, let size) = segments[index] else {
            preconditionFailure("no file was asked for")
        }
        return (path, size)
    }
}
