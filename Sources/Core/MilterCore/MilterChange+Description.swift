import SMTPCore

extension MilterChange: CustomStringConvertible {
    /// For the log, without the values of fields.
    public var description: String {
        switch self {
        case .addField(let name, _): "adds \(name)"
        case .insertField(_, let name, _): "inserts \(name)"
        case .changeField(_, let name, let value): value.isEmpty ? "deletes \(name)" : "changes \(name)"
        case .body: "replaces the body"
        case .sender(let path): "sender \(path)"
        case .addRecipient(let command): "adds \(command.forwardPath)"
        case .deleteRecipient(let address): "deletes <\(address)>"
        case .quarantine(let reason): "quarantines: \(reason)"
        }
    }
}
