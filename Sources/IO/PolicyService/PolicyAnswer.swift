public import MailCore
import WebCore

/// What a policy program says.
public enum PolicyAnswer: Hashable, Sendable {
    case noObjection
    case refuse(code: Int, EnhancedStatusCode, text: String)
    /// An action that is not known here, such as one that wants a message changed.
    case unknown(String)

    /// Reads the lines of an answer, without the empty one at the end; nil if there is no action.
    init?(lines: [String]) {
        guard let line = lines.first(where: { $0.lowercased().hasPrefix("action=") }) else { return nil }
        self.init(action: line.dropFirst("action=".count))
    }

    /// Reads the body of an answer over HTTP: an object of JSON with the action as `action`, or the lines of the protocol.
    init?(body: [UInt8]) {
        if let json = JSONValue(body) {
            guard let action = json["action"]?.string else { return nil }
            self.init(action: action.prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" })
        } else {
            let lines = body.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            self.init(lines: lines.map { String(decoding: $0, as: UTF8.self) })
        }
    }

    private init?(action line: Substring) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard let action = words.first?.uppercased() else { return nil }
        let text = words.count > 1 ? words[1] : nil
        switch action {
        case "OK", "DUNNO", "PERMIT": self = .noObjection
        case "REJECT": self = Self.refusal(554, text)
        case "DEFER", "DEFER_IF_PERMIT": self = Self.refusal(450, text)
        // What would refuse the recipient anyway is refused there.
        case "DEFER_IF_REJECT": self = .noObjection
        default:
            guard let code = Int(action), (400...599).contains(code), action.utf8.count == 3 else {
                self = .unknown(action)
                return
            }
            self = Self.refusal(code, text)
        }
    }

    /// The text may begin with an enhanced status code.
    private static func refusal(_ code: Int, _ text: String?) -> PolicyAnswer {
        let words = (text ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        let kind: EnhancedStatusCode.Class = code < 500 ? .persistentTransientFailure : .permanentFailure
        if let first = words.first, let status = EnhancedStatusCode(first), status.class == kind {
            return .refuse(code: code, status, text: words.count > 1 ? words[1] : "Refused by policy")
        }
        let usual = EnhancedStatusCode(kind, 7, 1)
        return .refuse(code: code, usual, text: text ?? "Refused by policy")
    }
}
