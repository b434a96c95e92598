import MailMIME
import NIOCore

/// A whole message in a file, looked through once to know its size and what it needs of the server.
struct MessageFile: Sendable {
    fileprivate enum Source {
        case file(path: String)
        case memory([UInt8])
    }

    private let source: Source
    let size: UInt64
    let has8Bit: Bool
    let has8BitHeader: Bool

    /// - Parameter path: `-` for standard input.
    /// - Throws: `InputError` where it cannot be read or is no message.
    init(path: String) throws {
        let file = try InputFile(path)
        source = file.size == nil || path == "-" ? .memory(try file.readAll()) : .file(path: path)
        var reader = Reader(source)
        do {
            while try reader.next() != nil {}
        } catch let error as MessageNormalizerError {
            throw InputError(.data, "\(path == "-" ? "standard input" : path): \(error)")
        }
        size = reader.normalizer.size
        has8Bit = reader.normalizer.has8Bit
        has8BitHeader = reader.normalizer.has8BitHeader
    }

    func reader() -> Reader { Reader(source) }

    /// Reads it as it is sent.
    struct Reader {
        private let source: Source
        private var file: InputFile?
        private var isTaken = false
        private var isAtEnd = false
        fileprivate(set) var normalizer = MessageNormalizer()

        fileprivate init(_ source: Source) {
            self.source = source
        }

        mutating func next() throws -> [UInt8]? {
            while !isAtEnd {
                let bytes = try read()
                if bytes.isEmpty { isAtEnd = true }
                let piece = try isAtEnd ? normalizer.finish() : normalizer.append(bytes)
                if !piece.isEmpty { return piece }
            }
            return nil
        }

        private mutating func read() throws -> [UInt8] {
            switch source {
            case .memory(let bytes):
                defer { isTaken = true }
                return isTaken ? [] : bytes
            case .file(let path):
                let file = try self.file ?? InputFile(path)
                self.file = file
                return try file.read()
            }
        }
    }
}
