public import SMTPCore

/// What the server of a dialogue is told before it begins.
public struct DialogueOptions: Hashable, Sendable {
    private var values: [String: String] = [:]

    public init() {}

    /// Limits, by the names that they have in a configuration file.
    private static let limits = [
        "message_size", "recipients", "header_size", "header_fields", "received_hops", "commands_without_message",
        "errors",
        "unknown_recipients", "line_length",
    ]
    private static let listenerKeys = ["protocol", "bare_lf", "early_talkers", "greeting_delay"]

    mutating func set(_ key: String, _ value: String) throws(DialogueFailure) {
        guard Self.limits.contains(key) ? Int(value) != nil : (Self.listenerKeys + ["peer"]).contains(key) else {
            throw DialogueFailure("there is no option \(key): \(value)")
        }
        values[key] = value
    }

    /// Whether the peer may relay, verify and expand.
    public var isTrusted: Bool { values["peer"] == "trusted" }
    public var isLMTP: Bool { values["protocol"] == "lmtp" }
    /// Whether the greeting is held back, so that a client can talk before it.
    public var delaysGreeting: Bool { values["greeting_delay"] != nil }

    public var policy: ScriptedPolicy {
        ScriptedPolicy(isTrusted: isTrusted, unknownLimit: limit("unknown_recipients", 10))
    }

    public var machine: SMTPServerConfiguration {
        let content = ContentLimits(
            size: UInt64(limit("message_size", 50 << 20)), headerSize: limit("header_size", 256 << 10),
            headerFields: limit("header_fields", 2_000), receivedHops: limit("received_hops", 100))
        let limits = SMTPServerLimits(
            content: content, commandLine: limit("line_length", 2_048), recipients: limit("recipients", 1_000),
            errors: limit("errors", 20), idleCommands: limit("commands_without_message", 100))
        var machine = SMTPServerConfiguration(
            hostname: "mail.example.org", kind: isLMTP ? .lmtp : .smtp, limits: limits)
        machine.offersBinary = true
        machine.bareLineFeeds = values["bare_lf"] == "convert" ? .convert : .refuse
        machine.refusesEarlyTalkers = values["early_talkers"] != "allow"
        return machine
    }

    private func limit(_ key: String, _ usual: Int) -> Int { values[key].flatMap { Int($0) } ?? usual }

    /// The lines of a listener's table in a configuration file.
    public var listenerLines: [String] {
        Self.listenerKeys.compactMap { key in values[key].map { "\(key) = \"\($0)\"" } }
    }

    /// The lines of the table of limits.
    public var limitLines: [String] {
        Self.limits.compactMap { key in values[key].map { "\(key) = \($0)" } }
    }
}
