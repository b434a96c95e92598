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
        var view = MessageView()
        ViewBuilder.add([root], of: "mixed", isAlternative: false, to: &view)
        return view
    }

    /// The text: of the parts that are plain text, one after the other. Nil if there is none.
    public var text: String? { joined(view.text.filter { $0.mediaType != "text/html" }) }

    /// The HTML: of the parts that are HTML, one after the other. Nil if there is none.
    public var html: String? { joined(view.html.filter { $0.mediaType == "text/html" }) }

    private func joined(_ parts: [MessagePart]) -> String? {
        parts.isEmpty ? nil : parts.map { $0.decodedText().text }.joined(separator: "\n")
    }
}

private enum ViewBuilder {
    static func add(_ parts: [MessagePart], of kind: String, isAlternative: Bool, to view: inout MessageView) {
        let (texts, htmls) = (view.text.count, view.html.count)
        for (index, part) in parts.enumerated() {
            let type = part.mediaType
            if part.isMultipart, !part.parts.isEmpty {
                let inner = String(type.drop { $0 != "/" }.dropFirst())
                add(part.parts, of: inner, isAlternative: isAlternative || inner == "alternative", to: &view)
            } else if !isShown(part, type, isFirst: index == 0, of: kind) {
                view.attachments.append(part)
            } else if kind == "alternative" {
                if type == "text/plain" {
                    view.text.append(part)
                } else if type == "text/html" {
                    view.html.append(part)
                } else {
                    view.attachments.append(part)
                }
            } else {
                view.text.append(part)
                view.html.append(part)
                if !type.hasPrefix("text/") { view.attachments.append(part) }
            }
        }
        guard kind == "alternative" else { return }
        // Who has only one of the two is shown that one.
        let (newTexts, newHTMLs) = (Array(view.text[texts...]), Array(view.html[htmls...]))
        if newTexts.isEmpty { view.text += newHTMLs }
        if newHTMLs.isEmpty { view.html += newTexts }
    }

    private static func isShown(_ part: MessagePart, _ type: String, isFirst: Bool, of kind: String) -> Bool {
        guard part.disposition?.value != "attachment" else { return false }
        let isText = type == "text/plain" || type == "text/html"
        let isMedia = type.hasPrefix("image/") || type.hasPrefix("audio/") || type.hasPrefix("video/")
        guard isText || isMedia || part.isMultipart else { return false }
        return isFirst || (kind != "related" && (isMedia || part.fileName == nil))
    }
}
