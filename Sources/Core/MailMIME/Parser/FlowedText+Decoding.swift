import MailCore

extension FlowedText {
    /// Joins the lines that go on in the next one (RFC 3676 §4). Quoted lines keep their `>`, with one space behind them.
    ///
    /// - Parameter deletesSpace: whether the space that says so is no part of the text (`DelSp=yes`).
    static func decode(_ text: String, deletesSpace: Bool) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count)
        /// How deep the line is quoted that goes on in the next one.
        var open: Int?
        for line in Array(text.utf8).split(separator: ASCII.lf, omittingEmptySubsequences: false) {
            var content = line.last == ASCII.cr ? line.dropLast() : line
            let depth = content.prefix { $0 == ASCII.greater }.count
            content = content.dropFirst(depth)
            if content.first == ASCII.space { content = content.dropFirst() }
            let isSignature = content.elementsEqual(signature)
            if open != depth || isSignature {
                if line.startIndex > 0 { output.append(ASCII.lf) }
                output += repeatElement(ASCII.greater, count: depth)
                if depth > 0, !content.isEmpty { output.append(ASCII.space) }
            }
            let goesOn = content.last == ASCII.space && !isSignature
            output += goesOn && deletesSpace ? content.dropLast() : content
            open = goesOn ? depth : nil
        }
        return String(utf8: output)
    }
}

extension MessagePart {
    /// The decoded text, its lines joined where the part is `format=flowed`.
    var shownText: String {
        let text = decodedText().text
        guard let type = contentType, type.value == "text/plain", type["format"]?.lowercased() == "flowed" else {
            return text
        }
        return FlowedText.decode(text, deletesSpace: type["delsp"]?.lowercased() == "yes")
    }
}
