import MailMIME
import NIOCore

/// A message piece by piece, made when it is asked for.
struct MessagePieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    private let message: OutgoingMessage
    private let progress: ProgressBar?

    init(_ message: OutgoingMessage, progress: ProgressBar?) {
        self.message = message
        self.progress = progress
    }

    func makeAsyncIterator() -> Iterator { Iterator(message.content, progress) }

    struct Iterator: AsyncIteratorProtocol {
        private enum Source {
            case composed(MessageWriter, InputFile?)
            case file(MessageFile.Reader)
            /// With nil in place of the writer all has been written.
            case changed(MessageFile.Reader, DowngradeWriter?)
        }

        private var source: Source
        private var progress: ProgressBar?

        fileprivate init(_ content: OutgoingMessage.Content, _ progress: ProgressBar?) {
            switch content {
            case .composed(let message): source = .composed(MessageWriter(message), nil)
            case .file(let file): source = .file(file.reader())
            case .changed(let file, let plan): source = .changed(file.reader(), DowngradeWriter(plan))
            }
            self.progress = progress
        }

        mutating func next() async throws -> ByteBuffer? {
            let piece: [UInt8]?
            switch source {
            case .composed(var writer, var file):
                piece = try Self.next(&writer, &file)
                source = .composed(writer, file)
            case .file(var reader):
                piece = try reader.next()
                source = .file(reader)
            case .changed(var reader, var writer):
                piece = try Self.next(&reader, &writer)
                source = .changed(reader, writer)
            }
            progress?.advance(by: piece?.count)
            return piece.map { ByteBuffer(bytes: $0) }
        }

        private static func next(_ reader: inout MessageFile.Reader, _ writer: inout DowngradeWriter?) throws
            -> [UInt8]?
        {
            while writer != nil {
                if let piece = try reader.next() {
                    if let changed = writer?.receive(piece), !changed.isEmpty { return changed }
                } else {
                    defer { writer = nil }
                    return writer?.finish()
                }
            }
            return nil
        }

        private static func next(_ writer: inout MessageWriter, _ file: inout InputFile?) throws -> [UInt8]? {
            while let step = writer.next() {
                guard case .read(let path) = step else {
                    if case .write(let bytes) = step { return bytes }
                    continue
                }
                let open = try file ?? InputFile(path)
                file = open
                let bytes = try open.read()
                if bytes.isEmpty {
                    try writer.endFile()
                    file = nil
                } else {
                    try writer.append(bytes)
                }
            }
            return nil
        }
    }
}
