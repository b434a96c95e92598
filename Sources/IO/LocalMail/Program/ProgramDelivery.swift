public import MailMIME
public import QueueCore

/// A message on its way into a program.
public struct ProgramDelivery: Sendable {
    /// An absolute path. No shell sees it, or the arguments.
    public let path: String
    public let arguments: [String]
    /// `NAME=value`, all that the program gets.
    public let environment: [String]
    /// What the program reads from its standard input: the prefix with all its header fields, then the body.
    public let content: MessageContent
    /// The changes to the body with which it is read; nil for none.
    public let plan: DowngradePlan?
    /// How long the program may run.
    public let timeLimit: Duration

    public init(
        path: String, arguments: [String] = [], environment: [String] = [], content: MessageContent,
        plan: DowngradePlan? = nil, timeLimit: Duration = .seconds(300)
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.content = content
        self.plan = plan
        self.timeLimit = timeLimit
    }
}
