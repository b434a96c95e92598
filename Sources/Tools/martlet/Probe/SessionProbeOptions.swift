import MailCore

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
    var relayRecipient: EmailAddress
    var quitAfter: ProbeStage?
    var dropAfter: ProbeStage?
    var dropAfterSend: ProbeStage?
    /// The attributes behind XCLIENT.
    var xclient: String?
    /// What goes before everything else.
    var proxyHeader: [UInt8]?
}

/// A message that shows whether mail gets through.
struct ProbeMessage {
    let recipients: [EmailAddress]
    let content: [UInt8]
}
