/// The parts of a message as a mail program shows them.
public struct MessageView: Sendable {
    /// What to show to a reader of plain text.
    public internal(set) var text: [MessagePart] = []
    /// What to show to a reader of HTML.
    public internal(set) var html: [MessagePart] = []
    /// What to offer as files, and messages within the message.
    public internal(set) var attachments: [MessagePart] = []
}

extension ParsedMessage {
    /// The parts to show and to offer, as RFC 8621 §4.1.4 chooses them: of a multipart/alternative the text and the HTML, of
    /// a multipart/related the first, of all others each.
    public var view: MessageView {
        var builder = ViewBuilder()
        builder.add([root], of: "mixed", inAlternative: false, for: [.text, .html])
        return builder.view
    }

    /// The text: of the parts that are plain text, one after the other; with whole lines where they are broken as
    /// `format=flowed` (RFC 3676). Nil if there is none.
    public var text: String? {
        joined(view.text.filter { $0.mediaType.hasPrefix("text/") && $0.mediaType != "text/html" })
    }

    /// The HTML: of the parts that are HTML, one after the other. Nil if there is none.
    public var html: String? { joined(view.html.filter { $0.mediaType == "text/html" }) }

    private func joined(_ parts: [MessagePart]) -> String? {
        parts.isEmpty ? nil : parts.map(\.shownText).joined(separator: "\n")
    }
}

/// The algorithm of RFC 8621 §4.1.4.
private struct ViewBuilder {
    var view = MessageView()

    /// - Parameters:
    ///   - kind: the subtype of the multipart around the parts.
    ///   - inAlternative: whether a multipart/alternative is around it.
    ///   - wanted: for which readers the parts are.
    mutating func add(_ parts: [MessagePart], of kind: String, inAlternative: Bool, for wanted: Readers) {
        var wanted = wanted
        let (texts, htmls) = (view.text.count, view.html.count)
        for (index, part) in parts.enumerated() {
            let type = part.mediaType
            if part.isMultipart, !part.parts.isEmpty {
                let inner = String(type.drop { $0 != "/" }.dropFirst())
                add(part.parts, of: inner, inAlternative: inAlternative || inner == "alternative", for: wanted)
            } else if !isShown(part, type, isFirst: index == 0, of: kind) {
                view.attachments.append(part)
            } else if kind == "alternative" {
                addAlternative(part, type)
            } else {
                if inAlternative, type == "text/plain" { wanted.remove(.html) }
                if inAlternative, type == "text/html" { wanted.remove(.text) }
                if wanted.contains(.text) { view.text.append(part) }
                if wanted.contains(.html) { view.html.append(part) }
                if !type.hasPrefix("text/") { view.attachments.append(part) }
            }
        }
        guard kind == "alternative", wanted == [.text, .html] else { return }
        // Who has only one of the two is shown that one.
        let (newTexts, newHTMLs) = (view.text[texts...], view.html[htmls...])
        if newTexts.isEmpty { view.text += newHTMLs }
        if newHTMLs.isEmpty { view.html += newTexts }
    }

    private mutating func addAlternative(_ part: MessagePart, _ type: String) {
        switch type {
        case "text/plain": view.text.append(part)
        case "text/html": view.html.append(part)
        default: view.attachments.append(part)
        }
    }

    private func isShown(_ part: MessagePart, _ type: String, isFirst: Bool, of kind: String) -> Bool {
        guard part.disposition?.value != "attachment" else { return false }
        let isMedia = type.hasPrefix("image/") || type.hasPrefix("audio/") || type.hasPrefix("video/")
        guard isMedia || part.isMultipart || type == "text/plain" || type == "text/html" else { return false }
        return isFirst || (kind != "related" && (isMedia || part.fileName == nil))
    }
}

private struct Readers: OptionSet {
    let rawValue: Int

    static let text = Readers(rawValue: 1)
    static let html = Readers(rawValue: 2)
}
