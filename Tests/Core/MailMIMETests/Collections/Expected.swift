import Foundation
import MailMIME

/// Readings in the form in which mail-parser's collection writes them, ours made alike.
enum Expected {
    static func string(_ value: Any?) -> String? { value as? String }

    static func addresses(_ list: [HeaderAddress]) -> String {
        guard list.contains(where: { if case .group = $0 { true } else { false } }) else {
            return "List" + mailboxes(list.flatMap(\.mailboxes))
        }
        var groups: [(name: String?, members: [HeaderMailbox])] = []
        var isOpen = false
        for address in list {
            switch address {
            case .group(let name, let members):
                groups.append((name, members))
                isOpen = false
            case .mailbox(let mailbox):
                if !isOpen { groups.append((nil, [])) }
                groups[groups.count - 1].members.append(mailbox)
                isOpen = true
            }
        }
        return "Group" + groups.map { "\($0.name ?? "-"): \(mailboxes($0.members))" }.joined(separator: "; ")
    }

    static func addresses(_ expected: Any) -> String {
        guard let object = expected as? [String: Any] else { return "none" }
        if let list = object["List"] as? [[String: Any]] { return "List" + mailboxes(list) }
        let groups = object["Group"] as? [[String: Any]] ?? []
        return "Group"
            + groups.map { "\(string($0["name"]) ?? "-"): \(mailboxes($0["addresses"] as? [[String: Any]] ?? []))" }
            .joined(separator: "; ")
    }

    private static func mailboxes(_ list: [HeaderMailbox]) -> String {
        "\(list.map { "\($0.name ?? "-") <\($0.address ?? "-")>" })"
    }

    private static func mailboxes(_ list: [[String: Any]]) -> String {
        "\(list.map { "\(string($0["name"]) ?? "-") <\(string($0["address"]) ?? "-")>" })"
    }

    static func date(_ date: MailDate?) -> String {
        guard let date else { return "none" }
        return "\(date.year)-\(date.month)-\(date.day) \(date.hour):\(date.minute):\(date.second) \(date.zone)"
    }

    static func date(_ expected: Any?) -> String {
        guard let part = expected as? [String: Any] else { return "none" }
        func number(_ name: String) -> Int { part[name] as? Int ?? -1 }
        let zone = number("tz_hour") * 60 + number("tz_minute")
        return "\(number("year"))-\(number("month"))-\(number("day")) "
            + "\(number("hour")):\(number("minute")):\(number("second")) "
            + "\(part["tz_before_gmt"] as? Bool == true ? -zone : zone)"
    }

    static func contentType(_ value: ParameterizedValue?) -> String {
        guard let value else { return "none" }
        var parameters: [String: String] = [:]
        for parameter in value.parameters {
            parameters[parameter.name] = parameter.value
            if let language = parameter.language { parameters["\(parameter.name)-language"] = language }
        }
        return "\(value.type) \(value.subtype ?? "-") \(parameters.sorted { $0.key < $1.key })"
    }

    static func contentType(_ expected: Any) -> String {
        guard let object = expected as? [String: Any] else { return "none" }
        var parameters: [String: String] = [:]
        for pair in object["attributes"] as? [[String]] ?? [] { parameters[pair[0]] = pair[1] }
        for pair in object["attributes"] as? [[String: String]] ?? [] { parameters[pair["name"] ?? ""] = pair["value"] }
        let (type, subtype) = (string(object["c_type"]) ?? "-", string(object["c_subtype"]) ?? "-")
        return "\(type) \(subtype) \(parameters.sorted { $0.key < $1.key })"
    }
}
