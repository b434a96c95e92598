import Dispatch
import MailCore
package import Maildrop
import NIOCore
package import QueueCore
import SMTPCore
import SendmailCore
import Synchronization

/// Takes what programs left in the maildrop into the queue, once each: a message becomes durable together with the name
/// of its file, and the name is forgotten when the file is gone for good. So a stop between the two is no second
/// message.
package final class MaildropIntake: @unchecked Sendable {
    /// Messages that are on their way at once.
    private static let groupLimit = 64
    private static let pieceLength = 64 * 1_024

    private let inbox: MaildropInbox
    private let settings: MaildropIntakeSettings
    private let sink: any MessageSink
    private let ledger: any OriginLedger
    private let mailDate: @Sendable () -> String
    private let log: @Sendable (MaildropEvent) -> Void
    /// Names that were taken in and whose files may still be there.
    private var taken: Set<String>

    /// - Parameters:
    ///   - taken: what the ledger knows at the start.
    ///   - mailDate: the time as RFC 5322 writes it.
    package init(
        _ inbox: MaildropInbox, settings: MaildropIntakeSettings, sink: any MessageSink, ledger: any OriginLedger,
        taken: [String], mailDate: @escaping @Sendable () -> String, log: @escaping @Sendable (MaildropEvent) -> Void
    ) {
        self.inbox = inbox
        self.settings = settings
        self.sink = sink
        self.ledger = ledger
        self.taken = Set(taken)
        self.mailDate = mailDate
        self.log = log
    }

    /// Takes in what is there now, up to a group of messages. It waits for the disk; one caller at a time.
    ///
    /// - Returns: whether there may be more to do at once.
    /// - Throws: `MaildropError` if the folder cannot be used, `MaildropTrouble` if messages stay where they are.
    package func takeGroup() throws -> Bool {
        let names = try inbox.names(limit: Self.groupLimit)
        let group = IntakeGroup()
        for name in names where !taken.contains(name) {
            guard take(name, group) else { break }
        }
        let (done, trouble) = group.wait()
        taken.formUnion(done)
        try removeTaken()
        if let trouble { throw MaildropTrouble(description: trouble) }
        return names.count == Self.groupLimit
    }

    /// Takes the files of taken messages away; then their names mean nothing more.
    private func removeTaken() throws {
        guard !taken.isEmpty else { return }
        let names = Array(taken)
        try inbox.remove(names)
        ledger.forget(names)
        taken = []
    }

    /// Brings one message on its way.
    ///
    /// - Returns: false if the queue takes nothing now.
    private func take(_ name: String, _ group: IntakeGroup) -> Bool {
        do {
            let file = try inbox.open(name)
            try check(file)
            let message = try sink.open()
            try append(file, to: message)
            commit(message, of: file, name, group)
            return true
        } catch let error as SinkError {
            group.note("\(error)")
            return false
        } catch DropFileError.malformed(let reason) {
            setAside(name, reason, group)
        } catch DropFileError.unreadable(let error) where error.isMissing {
            // Its owner has taken it back.
            return true
        } catch {
            group.note("\(error)")
        }
        return true
    }

    private func check(_ file: DropFile) throws(DropFileError) {
        guard file.messageLength <= settings.content.size else {
            throw .malformed("it is larger than \(settings.content.size) octets")
        }
        guard file.head.envelope.recipients.count <= settings.recipients else {
            throw .malformed("it has more than \(settings.recipients) recipients")
        }
    }

    /// Gives the content to the queue, by the rules that hold for content from the network.
    private func append(_ file: DropFile, to message: any IncomingMessage) throws {
        var reader = ContentReader(
            framing: .chunk(remaining: file.messageLength), limits: settings.content, convertsBareLF: false,
            allowsBinary: false)
        let resumed = DispatchSemaphore(value: 0)
        do {
            while true {
                var input = ByteBuffer(bytes: try file.read(upTo: Self.pieceLength))
                if input.readableBytes == 0 { break }
                while case .piece(let piece) = reader.next(from: &input) {
                    if message.append(piece, resume: { resumed.signal() }) == .suspended { resumed.wait() }
                }
            }
            reader.finish()
            if let refusal = reader.inspection.refusal { throw DropFileError.malformed("\(refusal)") }
        } catch {
            message.discard()
            throw error
        }
    }

    private func commit(_ message: any IncomingMessage, of file: DropFile, _ name: String, _ group: IntakeGroup) {
        var envelope = file.head.envelope
        envelope.origin = name
        let recipients = envelope.recipients
        let received = LocalReceivedField(
            hostname: settings.hostname, userID: file.userID, id: message.queueID,
            recipient: recipients.count == 1 ? recipients[0].address : nil, date: mailDate())
        let (log, path, id) = (log, envelope.reversePath, message.queueID)
        let (octets, userID) = (file.messageLength, file.userID)
        group.enter()
        message.commit(envelope, prefix: ByteBuffer(string: received.text)) { result in
            switch result {
            case .success:
                log(.accepted(id, from: path, recipients: recipients.count, octets: octets, userID: userID))
                group.leave(done: name)
            case .failure(let error):
                group.note("\(error)")
                group.leave(done: nil)
            }
        }
    }

    private func setAside(_ name: String, _ reason: String, _ group: IntakeGroup) {
        do {
            log(.setAside(try inbox.setAside(name), reason))
        } catch {
            group.note("\(error)")
        }
    }
}

/// The messages that are on their way together.
private final class IntakeGroup: Sendable {
    private let group = DispatchGroup()
    private let state = Mutex<(done: [String], trouble: String?)>(([], nil))

    func enter() { group.enter() }

    func leave(done name: String?) {
        if let name { state.withLock { $0.done.append(name) } }
        group.leave()
    }

    /// Remembers why a message stays where it is.
    func note(_ trouble: String) { state.withLock { $0.trouble = trouble } }

    /// Waits for all of them, and tells which are in the queue, and why others are not.
    func wait() -> (done: [String], trouble: String?) {
        group.wait()
        return state.withLock { $0 }
    }
}

/// Why messages stay in the maildrop for now.
package struct MaildropTrouble: Error, CustomStringConvertible {
    package let description: String
}
