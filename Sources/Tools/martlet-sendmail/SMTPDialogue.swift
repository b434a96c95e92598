import MailCore
import Maildrop
import SMTPCore
import SendmailCore

import struct NIOCore.ByteBuffer

/// SMTP on standard input and output (`-bs`), spoken by the machine that serves the network too. Each message goes into
/// the maildrop; 250 means that it is on disk.
struct SMTPDialogue {
    private let folder: MaildropFolder
    private let settings: MaildropSettings
    private var machine: SMTPServerMachine
    private var envelope = Envelope(reversePath: .null)
    private var writer: DropWriter?
    private var hasEightBit = false
    private var failure: MaildropError?

    init(_ arguments: SendmailArguments) throws(SendmailFailure) {
        folder = try MaildropPlace.find(configuration: arguments.configuration)
        settings = try MaildropPlace.settings(of: folder)
        var configuration = SMTPServerConfiguration(
            hostname: settings.hostname.description,
            limits: SMTPServerLimits(
                content: ContentLimits(settings), recipients: settings.recipients))
        configuration.bareLineFeeds = .convert
        configuration.refusesEarlyTalkers = false
        machine = SMTPServerMachine(configuration: configuration)
    }

    mutating func speak() throws(SendmailFailure) {
        var replies = ByteBuffer()
        while true {
            while let action = machine.next() {
                if carryOut(action, &replies) { return flush(&replies) }
            }
            flush(&replies)
            if let piece = try StandardStream.read() {
                machine.receive(ByteBuffer(bytes: piece))
            } else {
                machine.inputEnded()
            }
        }
    }

    func run() throws(SendmailFailure) {
        var dialogue = self
        try dialogue.speak()
    }

    private func flush(_ replies: inout ByteBuffer) {
        if replies.readableBytes > 0 { StandardStream.write(Array(replies.readableBytesView)) }
        replies.clear()
    }

    /// Returns whether the dialogue is over.
    private mutating func carryOut(_ action: SMTPServerAction, _ replies: inout ByteBuffer) -> Bool {
        switch action {
        case .reply(let reply): reply.write(to: &replies)
        case .ask(let question): machine.answer(decide(question))
        case .body(let piece): take(piece)
        case .abandonTransaction: writer = nil
        case .synchronize, .startTLS: break
        case .close, .handOver: return true
        }
        return false
    }

    private mutating func decide(_ question: SMTPServerQuestion) -> SMTPServerVerdict {
        switch question {
        case .greeting: return .welcome([])
        case .mail(let command):
            let parameters = command.parameters
            envelope = Envelope(
                reversePath: command.reversePath,
                options: EnvelopeOptions(
                    smtputf8: parameters.smtputf8, return: parameters.return, envelopeID: parameters.envelopeID))
            return .accept()
        case .recipient(let command): return add(command)
        case .content: return open()
        case .message: return commit()
        default: return .accept()
        }
    }

    private mutating func add(_ command: RecipientCommand) -> SMTPServerVerdict {
        let address: EmailAddress
        switch command.forwardPath {
        case .mailbox(let mailbox): address = mailbox
        case .postmaster:
            guard let name = try? LocalPart("postmaster") else { return .refuse(Self.cannotStore) }
            address = EmailAddress(localPart: name, host: .domain(settings.domain))
        }
        envelope.recipients.append(
            EnvelopeRecipient(address, notify: command.notify, original: command.original))
        return .accept()
    }

    private mutating func open() -> SMTPServerVerdict {
        (failure, hasEightBit) = (nil, false)
        do throws(MaildropError) {
            writer = try DropWriter(folder, envelope)
            return .accept()
        } catch {
            return refuse(error)
        }
    }

    private mutating func take(_ piece: ByteBuffer) {
        guard failure == nil, let writer else { return }
        let octets = Array(piece.readableBytesView)
        if !hasEightBit { hasEightBit = octets.contains { $0 >= 0x80 } }
        do throws(MaildropError) {
            try writer.append(octets)
        } catch {
            failure = error
        }
    }

    private mutating func commit() -> SMTPServerVerdict {
        defer { writer = nil }
        if let failure { return refuse(failure) }
        guard let writer else { return .refuse(Self.cannotStore) }
        do throws(MaildropError) {
            try writer.commit(body: hasEightBit ? .eightBit : .sevenBit)
            return .accept()
        } catch {
            return refuse(error)
        }
    }

    private func refuse(_ error: MaildropError) -> SMTPServerVerdict {
        StandardStream.complain(SendmailFailure(error).text)
        return .refuse(Self.cannotStore)
    }

    private static let cannotStore = SMTPReply(
        451, .init(.persistentTransientFailure, 3, 0), "The message could not be stored")
}
