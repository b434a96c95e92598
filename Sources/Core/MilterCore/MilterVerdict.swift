import MailCore
public import SMTPCore

import struct NIOCore.ByteBuffer

/// What a filter says to an event.
public enum MilterVerdict: Hashable, Sendable {
    case proceed
    /// It has seen enough of the body. No pieces are to follow.
    case skip
    /// It wants to see no more of this message; of this session, if there is none yet.
    case accept
    /// The message is to be taken and thrown away.
    case discard
    case refuse(SMTPReply)

    /// Reads a verdict; nil for a packet that is none.
    init?(_ packet: MilterPacket) throws(MilterFailure) {
        switch Character(Unicode.Scalar(packet.letter)) {
        case "c": self = .proceed
        case "s": self = .skip
        case "a": self = .accept
        case "d": self = .discard
        case "r": self = .refuse(.rejectedByFilter)
        case "t", "f", "4": self = .refuse(.deferredByFilter)
        case "y":
            self = .refuse(try Self.reply(in: packet.body))
            return
        default: return nil
        }
        guard packet.body.readableBytes == 0 else { throw .malformed("something behind a verdict") }
    }

    /// A reply with its code, in one line or several.
    private static func reply(in body: ByteBuffer) throws(MilterFailure) -> SMTPReply {
        var body = body
        guard let text = body.readTerminated(), body.readableBytes == 0 else { throw .malformed("no reply") }
        var lines = ByteBuffer(bytes: text)
        lines.writeStaticString("\r\n")
        guard let reply = read(&lines), !reply.isPositive, lines.readableBytes == 0 else {
            throw .malformed("a reply that refuses nothing")
        }
        return reply
    }

    private static func read(_ lines: inout ByteBuffer) -> SMTPReply? {
        var parser = ReplyParser()
        do throws(ReplyError) { return try parser.next(from: &lines) } catch { return nil }
    }
}

extension SMTPReply {
    static let rejectedByFilter = SMTPReply(550, .init(.permanentFailure, 7, 1), "Rejected by a filter")
    static let deferredByFilter = SMTPReply(
        451, .init(.persistentTransientFailure, 7, 1), "A filter asks you to come again later")
}
