import MailCore
import NIOCore
import SMTPCore

/// How a server is spoken with.
struct SessionProbeOptions {
    enum Errand {
        /// Find out what there is to find out, and send nothing.
        case look
        case message(ProbeMessage)
    }

    /// What EHLO says.
    var localName: String
    var isLMTP = false
    var timeout: Duration
    var errand: Errand
    var sender: ReversePath
    var checksRelay: Bool
    var encryption: ProbeTLSOptions
    var relayRecipient: EmailAddress
    var quitAfter: ProbeStage?
    var dropAfter: ProbeStage?
    var dropAfterSend: ProbeStage?
    /// nil where nobody logs in.
    var login: ProbeLogin?
    /// The attributes behind XCLIENT.
    var xclient: String?
    /// What goes before everything else.
    var proxyHeader: [UInt8]?
}

/// A message that shows whether mail gets through.
struct ProbeMessage {
    let recipients: [EmailAddress]
    let content: [UInt8]
    /// Whether nothing is mended: no bare CR or LF, and no NUL.
    let isVerbatim: Bool

    /// The content with its final dot, as it goes on the wire.
    var wire: ByteBuffer {
        var output = ByteBuffer()
        if isVerbatim {
            output.writeBytes(Self.dotted(content))
        } else {
            var stuffer = DotStuffer()
            output.writeImmutableBuffer(stuffer.encode(ByteBuffer(bytes: content)))
            output.writeImmutableBuffer(stuffer.finish())
        }
        output.writeString(".\r\n")
        return output
    }

    /// A dot more where a line that begins behind CRLF begins with one (RFC 5321 §4.5.2), and CRLF at the end.
    private static func dotted(_ content: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in content {
            if byte == ASCII.dot, output.isEmpty || output.suffix(2) == [ASCII.cr, ASCII.lf] { output.append(byte) }
            output.append(byte)
        }
        return output.isEmpty || output.suffix(2) == [ASCII.cr, ASCII.lf] ? output : output + [ASCII.cr, ASCII.lf]
    }
}
