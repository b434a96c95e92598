import MailCore
import NIOCore
import QueueCore
import Synchronization

/// A message on its way into the spool: in memory while it is short, in a file of its own when it outgrows that.
final class SpooledMessage: IncomingMessage {
    /// What of the spool a message needs.
    struct Door: Sendable {
        var folder: SpoolFolder
        var calls: any FileCalls
        var budget: MemoryBudget
        var bodyWriters: BodyWriters
        var log: LogWriter
        /// A sync failed: the spool takes no more.
        var stop: @Sendable (FileError) -> Void
    }

    let queueID: QueueID
    private let arrived: Timestamp
    private let door: Door
    private let state = Mutex(State())

    /// What stands before the body in the log.
    private struct Head {
        let envelope: Envelope
        let prefix: ByteBuffer
        let origin: ReportOrigin?
    }

    private struct State {
        /// What came and is not in the file.
        var buffer = ByteBuffer()
        var checksum = Checksum()
        /// Octets that went to the file.
        var filed: UInt64 = 0
        var file: BodyFile?
        var failure: SinkError?
        var isOpen = true
        /// Whether a body writer is at work, and what it does when it is done.
        var isWriting = false
        var afterWriting: (@Sendable () -> Void)?
    }

    init(queueID: QueueID, arrived: Timestamp, door: Door) {
        self.queueID = queueID
        self.arrived = arrived
        self.door = door
    }

    deinit {
        discard()
    }

    func append(_ piece: ByteBuffer, resume: @escaping @Sendable () -> Void) -> AppendResult {
        let full: (ByteBuffer, UInt64)? = state.withLock { state in
            precondition(state.isOpen, "a piece follows the end of the message")
            guard state.failure == nil else { return nil }
            state.checksum.add(piece)
            state.buffer.writeImmutableBuffer(piece)
            door.budget.add(piece.readableBytes)
            guard state.buffer.readableBytes > door.budget.threshold else { return nil }
            precondition(!state.isWriting, "a piece came before the one before it was written")
            state.isWriting = true
            defer {
                state.filed += UInt64(state.buffer.readableBytes)
                state.buffer = ByteBuffer()
            }
            return (state.buffer, state.filed)
        }
        guard let (bytes, offset) = full else { return .ready }
        let isRunning = door.bodyWriters.run {
            self.write(bytes, at: offset)
            resume()
        }
        guard isRunning else {
            door.budget.remove(bytes.readableBytes)
            state.withLock { state in
                state.isWriting = false
                state.failure = .stopped
            }
            return .ready
        }
        return .suspended
    }

    func commit(
        _ envelope: Envelope, prefix: ByteBuffer, origin: ReportOrigin?,
        completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
    ) {
        enum Next {
            case refuse(SinkError)
            case log(ByteBuffer, Checksum)
            case finish
            case wait
        }
        let head = Head(envelope: envelope, prefix: prefix, origin: origin)
        let finish: @Sendable () -> Void = { self.commitFile(head, completion: completion) }
        let next: Next = state.withLock { state in
            precondition(state.isOpen, "the message has ended before")
            state.isOpen = false
            if state.isWriting {
                state.afterWriting = finish
                return .wait
            }
            if let failure = state.failure {
                state.isOpen = true
                return .refuse(failure)
            }
            guard state.file == nil else { return .finish }
            defer { state.buffer = ByteBuffer() }
            return .log(state.buffer, state.checksum)
        }
        switch next {
        case .wait: break
        case .refuse(let error):
            discard()
            completion(.failure(error))
        case .finish:
            if !door.bodyWriters.run(finish) { refuseFile(.stopped, completion) }
        case .log(let body, let checksum):
            log(.memory(body), checksum, head) { [budget = door.budget] result in
                budget.remove(body.readableBytes)
                completion(result)
            }
        }
    }

    func read(
        _ count: Int, from offset: UInt64, completion: @escaping @Sendable (Result<ByteBuffer, SinkError>) -> Void
    ) {
        let (filed, buffer, failure) = state.withLock { ($0.filed, $0.buffer, $0.failure) }
        if let failure { return completion(.failure(failure)) }
        guard offset < filed else {
            let start = Int(clamping: min(offset - filed, UInt64(buffer.readableBytes)))
            let length = min(count, buffer.readableBytes - start)
            return completion(.success(buffer.getSlice(at: buffer.readerIndex + start, length: length) ?? ByteBuffer()))
        }
        let isRunning = door.bodyWriters.run {
            completion(self.readFile(Int(min(UInt64(count), filed - offset)), at: offset))
        }
        if !isRunning { completion(.failure(.stopped)) }
    }

    func discard() {
        let file: BodyFile? = state.withLock { state in
            guard state.isOpen else { return nil }
            state.isOpen = false
            door.budget.remove(state.buffer.readableBytes)
            state.buffer = ByteBuffer()
            if state.isWriting {
                state.afterWriting = { self.removeFile() }
                return nil
            }
            defer { state.file = nil }
            return state.file
        }
        if let file, !door.bodyWriters.run({ file.remove() }) { file.remove() }
    }

    private func log(
        _ body: PendingRecord.Body, _ checksum: Checksum, _ head: Head,
        completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
    ) {
        do throws(SinkError) {
            door.log.add(
                try PendingRecord(
                    id: queueID, arrived: arrived, envelope: head.envelope, prefix: head.prefix, body: body,
                    bodyChecksum: checksum.value, origin: head.origin, completion: completion))
        } catch {
            completion(.failure(error))
        }
    }
}

/// The part that runs on the body writers' threads.
extension SpooledMessage {
    private func write(_ bytes: ByteBuffer, at offset: UInt64) {
        var failure: SinkError?
        do throws(FileError) {
            try openFile().write(bytes, at: offset)
        } catch {
            failure = error.asRefusal
        }
        door.budget.remove(bytes.readableBytes)
        let after = state.withLock { state in
            state.isWriting = false
            if let failure { state.failure = failure }
            defer { state.afterWriting = nil }
            return state.afterWriting
        }
        after?()
    }

    private func readFile(_ count: Int, at offset: UInt64) -> Result<ByteBuffer, SinkError> {
        do throws(FileError) {
            return .success(try openFile().read(count, at: offset))
        } catch {
            return .failure(error.asRefusal)
        }
    }

    private func openFile() throws(FileError) -> BodyFile {
        if let file = state.withLock({ $0.file }) { return file }
        let file = try BodyFile(of: queueID, in: door.folder, calls: door.calls)
        state.withLock { $0.file = file }
        return file
    }

    /// Writes the rest of the body and makes it durable; only then the log may name it.
    private func commitFile(
        _ head: Head, completion: @escaping @Sendable (Result<Void, SinkError>) -> Void
    ) {
        let (rest, filed, failure) = state.withLock { state in
            defer { state.buffer = ByteBuffer() }
            return (state.buffer, state.filed, state.failure)
        }
        door.budget.remove(rest.readableBytes)
        if let failure { return refuseFile(failure, completion) }
        do throws(FileError) {
            try openFile().write(rest, at: filed)
        } catch {
            return refuseFile(error.asRefusal, completion)
        }
        do throws(FileError) {
            try openFile().synchronize()
        } catch {
            if error.isOutOfDescriptors { return refuseFile(error.asRefusal, completion) }
            door.stop(error)
            return refuseFile(.stopped, completion)
        }
        let checksum = state.withLock { $0.checksum }
        log(.file(length: filed + UInt64(rest.readableBytes)), checksum, head) { result in
            // A log that stopped may hold the record nevertheless; the next start decides about the file then.
            if case .failure(let error) = result, error != .stopped { self.removeFile() }
            completion(result)
        }
    }

    private func refuseFile(_ error: SinkError, _ completion: @Sendable (Result<Void, SinkError>) -> Void) {
        removeFile()
        completion(.failure(error))
    }

    private func removeFile() {
        let file = state.withLock { state in
            defer { state.file = nil }
            return state.file
        }
        file?.remove()
    }
}
