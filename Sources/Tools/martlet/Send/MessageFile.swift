import MailCore
import MailMIME
import SendmailCore

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
    private let header: MessageHeader
    private let name: String

    /// - Parameter path: `-` for standard input.
    /// - Throws: `InputError` where it cannot be read or is no message.
    init(path: String) throws {
        let file = try InputFile(path)
        source = file.size == nil || path == "-" ? .memory(try file.readAll()) : .file(path: path)
        name = path == "-" ? "standard input" : path
        var reader = Reader(source, keepsHeader: true)
        do {
            while try reader.next() != nil {}
        } catch let error as MessageNormalizerError {
            throw InputError(.data, "\(name): \(error)")
        }
        header = reader.head.header
        size = reader.normalizer.size
        has8Bit = reader.normalizer.has8Bit
        has8BitHeader = reader.normalizer.has8BitHeader
    }

    func reader() -> Reader { Reader(source) }

    /// What has to be changed for a server that carries only ASCII.
    ///
    /// - Throws: `InputError` where it cannot be read, or nothing may be changed.
    func planToSevenBits() throws -> DowngradePlan {
        var planner = DowngradePlanner(to: .sevenBit)
        var reader = reader()
        while let piece = try reader.next() { planner.receive(piece) }
        do throws(DowngradeObstacle) {
            return try planner.finish()
        } catch {
            throw InputError(.data, "\(name): the server offers no 8BITMIME, and \(error)")
        }
    }

    /// Whom the header names, each once.
    ///
    /// - Throws: `InputError` where it names nobody, or what is no address.
    func recipients() throws -> [EmailAddress] {
        let texts = header.recipients
        guard !texts.isEmpty else {
            throw InputError(
                .data, "\(name): there is no recipient in To, Cc or Bcc of its header; name one with --to")
        }
        return try texts.map(address)
    }

    /// Who sent it, as the header says.
    ///
    /// - Throws: `InputError` where it says nothing, or what is no address.
    func sender() throws -> EmailAddress {
        guard let text = header.sender else {
            throw InputError(
                .data, "\(name): there is no sender in Sender or From of its header; name one with --envelope-from")
        }
        return try address(text)
    }

    private func address(_ text: String) throws -> EmailAddress {
        do throws(AddressError) {
            return try EmailAddress(text)
        } catch {
            throw InputError(.data, "\(name): '\(text)' in its header is no address: \(error)")
        }
    }

    /// Reads it as it is sent.
    struct Reader {
        private let source: Source
        private var file: InputFile?
        private var isTaken = false
        private var isAtEnd = false
        fileprivate(set) var normalizer = MessageNormalizer()
        fileprivate var head: MessageHead

        fileprivate init(_ source: Source, keepsHeader: Bool = false) {
            self.source = source
            head = MessageHead(isWanted: keepsHeader)
        }

        mutating func next() throws -> [UInt8]? {
            while !isAtEnd {
                let bytes = try read()
                head.take(bytes)
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
