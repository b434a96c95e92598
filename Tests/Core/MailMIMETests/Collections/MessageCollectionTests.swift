import Foundation
import MailMIME
import Testing

/// mail-parser's collection of whole messages: tree, header fields, decoded bodies, and what to show. The cases named
/// here are read otherwise on purpose: docs/mime.md says why.
@Suite(.collections) struct MessageCollectionTests {
    @Test(arguments: [("rfc", 10, ["000"]), ("legacy", 54, ["017", "026", "048", "049", "052"])])
    func `messages are read as expected`(folder: String, count: Int, known: [String]) throws {
        let names = try CaseCollection.names(in: "mime/messages/\(folder)", suffix: ".eml")
        #expect(names.count == count)
        var (found, details): ([String], [String]) = ([], [])
        for name in names {
            let bytes = Array(try CaseCollection.contents(of: "mime/messages/\(folder)/\(name)"))
            let json = try CaseCollection.json("mime/messages/\(folder)/\(name.dropLast(3))json")
            var comparison = MessageComparison()
            comparison.compare(MessageParser.parse(bytes), json as? [String: Any] ?? [:])
            if !comparison.differences.isEmpty {
                found.append(String(name.dropLast(4)))
                details.append("\(name): \(comparison.differences)")
            }
        }
        #expect(found == known, "\(details)")
    }
}

private struct MessageComparison {
    private(set) var differences: [String] = []

    mutating func compare(_ message: MailMIME.ParsedMessage, _ expected: [String: Any]) {
        compare(message.root, expected)
        guard differences.isEmpty else { return }
        let view = message.view
        let pairs = [("text_body", view.text), ("html_body", view.html), ("attachments", view.attachments)]
        let order = flat(message.root).map(\.index)
        for (name, parts) in pairs {
            let (ours, theirs) = (parts.map { order.firstIndex(of: $0.index) ?? -1 }, expected[name] as? [Int] ?? [])
            if ours != theirs { differences.append("\(name) \(ours) \(theirs)") }
        }
    }

    private mutating func compare(_ root: MessagePart, _ expected: [String: Any]) {
        let (ours, theirs) = (flat(root), expected["parts"] as? [[String: Any]] ?? [])
        guard ours.count == theirs.count else {
            return differences.append(
                "\(ours.count) parts, not \(theirs.count): \(ours.map(\.mediaType)) \(theirs.map { kind(of: $0).name })"
            )
        }
        for (part, expected) in zip(ours, theirs) {
            compareFields(part, expected["headers"] as? [[String: Any]] ?? [])
            compareBody(part, kind(of: expected))
        }
    }

    /// The parts that lie in one message: a message within counts as one.
    private func flat(_ part: MessagePart) -> [MessagePart] {
        [part] + (part.isMessage ? [] : part.parts.flatMap { flat($0) })
    }

    private func kind(of part: [String: Any]) -> (name: String, value: Any) {
        let body = part["body"] as? [String: Any] ?? [:]
        return body.first.map { ($0.key, $0.value) } ?? ("none", "")
    }

    private mutating func compareBody(_ part: MessagePart, _ expected: (name: String, value: Any)) {
        switch expected.name {
        case "Text", "Html":
            let text = (expected.value as? String ?? "").replacing("\r\n", with: "\n")
            let ours = part.decodedText().text.replacing("\r\n", with: "\n")
            if text != ours {
                differences.append(
                    "\(part.index) text \(ours.debugDescription.prefix(300)) ≠ \(text.debugDescription.prefix(300))")
            }
        case "Binary", "InlineBinary":
            let bytes = (expected.value as? [Int] ?? []).map { UInt8($0) }
            let ours = part.decodedBody().bytes
            // Line ends that no encoding protects are LF in the collection.
            if ours != bytes && ours.filter({ $0 != 13 }) != bytes {
                differences.append("\(part.index) \(ours.count) octets, not \(bytes.count)")
            }
        case "Message":
            let inner = part.isMessage ? part.parts.first : part.encodedMessage()?.root
            guard let inner else { return differences.append("\(part.index) is no message") }
            compare(inner, expected.value as? [String: Any] ?? [:])
        default: if !part.isMultipart { differences.append("\(part.index) is no multipart") }
        }
    }

    private mutating func compareFields(_ part: MessagePart, _ expected: [[String: Any]]) {
        let fields = part.fields
        guard fields.count == expected.count else {
            return differences.append("\(part.index) \(fields.map(\.name)) \(expected.map { $0["name"] ?? "" })")
        }
        for (field, expected) in zip(fields, expected) {
            guard let value = expected["value"] as? [String: Any], let (kind, reading) = value.first else { continue }
            let pair: (String, String)
            switch kind {
            case "Address": pair = (Expected.addresses(HeaderAddress.list(field.rawValue)), Expected.addresses(reading))
            case "DateTime": pair = (Expected.date(MailDate(field.rawValue)), Expected.date(reading))
            case "ContentType":
                pair = (Expected.contentType(ParameterizedValue(field.rawValue)), Expected.contentType(reading))
            case "Text":
                let text = reading as? String ?? ""
                let ours = [field.text, MessageIDList.read(field.rawValue).first ?? ""]
                pair = (ours.contains(text) ? text : field.text, text)
            default: continue
            }
            if pair.0 != pair.1 { differences.append("\(part.index) \(field.name): \(pair.0) ≠ \(pair.1)") }
        }
    }
}
