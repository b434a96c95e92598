import MailCore
import MailMIME
import MailServer
import SMTPClient
import SMTPCore

/// What happened, as one JSON object: a line of the dialogue, what became of a recipient, the result, or an error.
struct SendEvent: Encodable {
    let type: String
    var direction: String?
    var text: String?
    var milliseconds: Double?
    var address: String?
    var action: String?
    var status: String?
    var stage: String?
    var transient: Bool?
    var hint: String?
    var sent: Bool?
    var size: UInt64?
    var messageID: String?

    private enum CodingKeys: String, CodingKey {
        case type, direction, text, milliseconds, address, action, status, stage, transient, hint, sent, size
        case messageID = "message_id"
    }

    private init(type: String) {
        self.type = type
    }

    init(_ line: TranscriptLine) {
        self.init(type: "dialogue")
        direction = String(line.direction.rawValue)
        text = line.text
        milliseconds = line.offset.milliseconds
    }

    init(_ recipient: EmailAddress, _ outcome: Outcome) {
        self.init(type: "recipient")
        address = recipient.description
        action = outcome.action == .delivered ? "accepted" : outcome.action == .deferred ? "deferred" : "refused"
        status = outcome.status.description
        text = outcome.diagnostic
    }

    init(_ result: TransactionResult, _ message: OutgoingMessage, isSent: Bool) {
        self.init(type: "result")
        sent = isSent
        text = result.reply?.description
        size = message.size
        if case .composed(let composed) = message.content { messageID = "<\(composed.messageID)>" }
    }

    init(_ error: SMTPError) {
        self.init(type: "error")
        stage = error.stage.rawValue
        transient = error.isTransient
        text = error.description
        hint = error.hint
    }

    func print() {
        if let line = try? JSONLine.text(self) { StandardOutput.print(line) }
    }
}

extension Duration {
    /// To the microsecond.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000) / 1_000
    }
}
