import MailCore
package import SMTPCore

import struct NIOCore.ByteBuffer

/// What the server says.
extension DialogueTutor {
    /// A reply, asked for or not.
    package mutating func received(_ reply: SMTPReply) -> [TutorAction] {
        let sent = awaiting
        awaiting = nil
        let lines = show(reply, isHello: sent?.isHello ?? false)
        guard let sent else {
            return lines + [.note("The server said that without being asked." + Self.parting(reply))] + departure(reply)
        }
        guard reply.isPositive else { return lines + refused(reply, sent) }
        return lines + accepted(reply, sent)
    }

    private func show(_ reply: SMTPReply, isHello: Bool) -> [TutorAction] {
        var buffer = ByteBuffer()
        reply.write(to: &buffer)
        let lines = buffer.readableBytesView.split(separator: ASCII.lf).map { line in
            String(decoding: line.last == ASCII.cr ? line.dropLast() : line, as: UTF8.self)
        }
        return lines.enumerated().map { index, line in
            let gloss = isHello && index > 0 && reply.isPositive ? ExtensionGloss.text(of: reply.lines[index]) : nil
            return .reply(line: line, gloss: gloss)
        }
    }

    // MARK: Yes

    private mutating func accepted(_ reply: SMTPReply, _ sent: Sent) -> [TutorAction] {
        switch sent.kind {
        case .greeting:
            position = .connected
            return [.note("The server greets first. A 2 in front means: good. (RFC 5321 §3.1)")] + next
        case .endOfData:
            position = .idle
            hasSent = true
            return [
                .note("The server has the message, and answers for it from now on. That is what this 250 promises.")
            ] + next
        case .command(let verb): return accepted(reply, verb)
        }
    }

    private mutating func accepted(_ reply: SMTPReply, _ verb: SMTPVerb?) -> [TutorAction] {
        switch verb {
        case .ehlo, .helo, .lhlo:
            position = .idle
            return [.note(Self.helloNote(verb, reply))] + next
        case .mail:
            position = .sender
            return [.note("A message has begun. The address is where reports go; the reader sees the From field.")]
                + next
        case .rcpt:
            position = .recipients
            return [.note("The server takes the message for this recipient.")] + next
        case .data where reply.code == 354:
            (position, contentLines) = (.content, 0)
            return [
                .note(
                    "354: go on. Type the message now: header fields, an empty line, the text. A line with a single "
                        + "dot ends it.")
            ]
        case .rset:
            if position != .connected { position = .idle }
            return [.note("What was said of a message is forgotten; who you are is not.")] + next
        case .quit:
            position = .over
            return [.note("Goodbye. The server closes the connection.")]
        case .auth where reply.code == 334:
            return [.note("334: the server asks for more, in base64, which hides nothing. * breaks off.")]
        default: return next
        }
    }

    private static func helloNote(_ verb: SMTPVerb?, _ reply: SMTPReply) -> String {
        verb == .helo
            ? "The server knows your name. HELO is the old way; EHLO would also have told what the server can do."
            : reply.lines.count > 1
                ? "The server knows your name, and has listed what it can do beyond the minimum."
                : "The server knows your name, and offers nothing beyond the minimum."
    }

    // MARK: No

    private mutating func refused(_ reply: SMTPReply, _ sent: Sent) -> [TutorAction] {
        if sent.kind == .endOfData { position = .idle }
        var notes: [TutorAction] = [.note(Self.refusal(reply, sent) + Self.parting(reply))]
        if let status = reply.status {
            let explanation = CodeExplanation(status)
            notes.append(.note("\(explanation.code): \(explanation.title). \(explanation.meaning)"))
        }
        if let slip = sent.slip { notes.append(.note(slip)) }
        return notes + departure(reply)
    }

    private static func refusal(_ reply: SMTPReply, _ sent: Sent) -> String {
        let thing =
            switch sent.kind {
            case .greeting: "The server takes nobody"
            case .endOfData: "The server did not take the message"
            case .command: "No"
            }
        return reply.severity == .transientNegative
            ? "\(thing), for now: 4 means that the same may work later; a mail server would try again by itself."
            : "\(thing): 5 means that the same will not work later either; something must change."
    }

    private static func parting(_ reply: SMTPReply) -> String {
        reply.code == 421 ? " 421 is also a goodbye: the server closes the connection." : ""
    }

    private mutating func departure(_ reply: SMTPReply) -> [TutorAction] {
        guard reply.code == 421 else { return next }
        position = .over
        return []
    }
}

extension DialogueTutor.Sent {
    var isHello: Bool {
        switch kind {
        case .command(.ehlo), .command(.lhlo): true
        default: false
        }
    }
}
