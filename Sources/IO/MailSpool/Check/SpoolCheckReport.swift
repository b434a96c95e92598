public import MailCore

/// What a check of the spool found.
public struct SpoolCheckReport: Hashable, Sendable {
    /// Something that is not as it should be.
    public struct Finding: Hashable, Sendable {
        /// The message it is about, if it is about one.
        public var id: QueueID?
        /// What is wrong and what was done about it, in one line.
        public var text: String
        /// Files in `damaged/` that hold what was set aside.
        public var setAside: [String] = []
    }

    /// How many messages were read whole.
    public var messages = 0
    /// Octets of these.
    public var octets: UInt64 = 0
    public var findings: [Finding] = []

    public init() {}
}
