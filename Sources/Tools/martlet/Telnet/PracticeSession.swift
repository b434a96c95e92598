import MailCore
import NIOCore
import SMTPCore
import SMTPServer

/// Takes everything; but there is nobody called nobody, so that a refusal can be seen.
final class PracticeSession: SMTPSessionDelegate {
    private let messages: PracticeMessages
    private var content = ByteBuffer()

    init(_ messages: PracticeMessages) {
        self.messages = messages
    }

    func decide(_ question: SMTPServerQuestion, answer: SMTPAnswer) -> SMTPDecision {
        switch question {
        case .greeting: return .now(.welcome(.queries))
        case .recipient(let command): return .now(verdict(on: command.forwardPath))
        case .content:
            content.clear()
            return .now(.accept())
        case .message:
            messages.put(String(buffer: content))
            return .now(.accept())
        case .hello, .mail: return .now(.accept())
        case .verify, .expand, .status, .startQueue, .turn, .clientAttributes, .authenticate,
            .authenticationResponse:
            let status = EnhancedStatusCode(.permanentFailure, 5, 1)
            return .now(.refuse(SMTPReply(502, status, "There is none of that here")))
        }
    }

    private func verdict(on path: ForwardPath) -> SMTPServerVerdict {
        guard case .mailbox(let address) = path, address.localPart.text.lowercased() == "nobody" else {
            return .accept()
        }
        return .refuse(SMTPReply(550, EnhancedStatusCode(.permanentFailure, 1, 1), "There is nobody called nobody"))
    }

    func take(_ piece: ByteBuffer, resume: SMTPResumption) -> SMTPFlow {
        content.writeImmutableBuffer(piece)
        return .ready
    }

    func abandonTransaction() { content.clear() }
    func replied(_ reply: SMTPReply, to line: String?) {}
    func sessionEnded() {}
}
