/// How a `ScriptedRemote` behaves in one session. Without anything it is a plain server that takes everything.
public struct RemoteScript: Sendable {
    /// Where in a session it may do other than it should.
    public enum Step: String, Sendable, CaseIterable {
        /// On being connected to.
        case greeting
        /// In answer to EHLO or LHLO; HELO is always answered well.
        case hello
        case mail
        /// In answer to each RCPT.
        case recipient
        case data
        /// In the middle of the content, when it has come to more than 64 KiB.
        case content
        /// After the dot that ends the content, or the last chunk.
        case endOfData
        case quit
    }

    /// What it does in place of answering well.
    public enum Behaviour: Sendable {
        /// This reply, without its CRLF. After 421 the connection is closed.
        case answer(String)
        /// It closes at once and says nothing.
        case hangUp
        /// It sends exactly these octets, and closes.
        case hangUpAfter(String)
        /// It sends this many octets of one reply that never ends, and closes.
        case flood(octets: Int)
        /// It sends this reply with one octet in each second.
        case trickle(String)
        /// It says nothing until the client closes.
        case silence
    }

    public var behaviours: [Step: Behaviour]
    /// Replies to RCPT for certain addresses.
    public var recipientAnswers: [String: String]
    /// Replies after the content for certain addresses, with LMTP.
    public var contentAnswers: [String: String]
    /// What it offers in answer to EHLO.
    public var extensions: [String]

    public init(
        _ behaviours: [Step: Behaviour] = [:], recipientAnswers: [String: String] = [:],
        contentAnswers: [String: String] = [:],
        extensions: [String] = ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SIZE 52428800"]
    ) {
        self.behaviours = behaviours
        self.recipientAnswers = recipientAnswers
        self.contentAnswers = contentAnswers
        self.extensions = extensions
    }

    /// The same server without its faults.
    var wellBehaved: RemoteScript { RemoteScript(extensions: extensions) }
}
