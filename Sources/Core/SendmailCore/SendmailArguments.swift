package import MailCore

/// What a caller of `sendmail` asks for.
package struct SendmailArguments: Equatable, Sendable {
    /// What is to be done; the letters behind `-b`.
    package enum Mode: Equatable, Sendable {
        /// Take a message from standard input (`-bm`, and where nothing is said).
        case deliver
        /// Speak SMTP on standard input and output (`-bs`).
        case smtp
        /// List the queue (`-bp`, `mailq`).
        case listQueue
        /// Work off the queue, or a part of it (`-q`, `-qI`, `-qR`, `-qS`, `runq`).
        case runQueue(QueueRun)
        /// Read the aliases again (`-bi`, `-I`, `newaliases`).
        case rebuildAliases
        /// Look at the addresses without a message (`-bv`).
        case verify
        /// Start the server, in the background or not (`-bd`, `-bD`).
        case serve(inBackground: Bool)
        /// Nothing is left to be done (`-bh`, `-bH`).
        case nothing
        case help
        /// A mode that there is not.
        case unknown(String)
    }

    /// What of the queue is tried again.
    package enum QueueRun: Equatable, Sendable {
        case all
        /// The message with this queue ID.
        case message(String)
        /// What has recipients with this text in their address.
        case recipients(String)
        /// What has this text in its reverse path.
        case senders(String)
    }

    package var mode = Mode.deliver
    /// Recipients are also those of the header (`-t`).
    package var readsRecipients = false
    /// A line with a single dot is text (`-i`, `-oi`).
    package var ignoresDots = false
    /// The reverse path as written (`-f`, `-r`).
    package var sender: String?
    /// The sender's name for a From field (`-F`).
    package var fullName: String?
    /// `-N`.
    package var notify: NotifyConditions?
    /// `-R`.
    package var returned: EnvelopeOptions.Return?
    /// `-V`.
    package var envelopeID: String?
    /// The configuration file (`-C`).
    package var configuration: String?
    /// `-v`.
    package var isVerbose = false
    /// What stands behind the options.
    package var recipients: [String] = []
    /// What was not understood and is ignored, one line each.
    package var warnings: [String] = []

    package init() {}
}

/// Arguments that cannot be carried out: `EX_USAGE`.
package struct SendmailUsageError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
