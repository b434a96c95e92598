extension Dialogue {
    /// Reads the text of a file. Its form is described in `Tests/Dialogues/README.md`.
    public init(name: String, text: String) throws(DialogueFailure) {
        var options = DialogueOptions()
        var steps: [Step] = []
        var number = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty || line.hasPrefix("#") { continue }
            do throws(DialogueFailure) {
                try Self.read(line, into: &options, &steps)
            } catch {
                throw DialogueFailure("\(name):\(number): \(error)")
            }
        }
        self.name = name
        self.options = options
        self.steps = steps
    }

    private static func read(
        _ line: Substring, into options: inout DialogueOptions, _ steps: inout [Step]
    ) throws(DialogueFailure) {
        guard let mark = line.firstIndex(where: { ":\\|".contains($0) }) else {
            throw DialogueFailure("no step: \(line)")
        }
        let (word, count) = try repetition(line[..<mark])
        let rest = line[line.index(after: mark)...]
        let text = String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
        switch (word, line[mark]) {
        case ("C", ":"): add(.send(Array((text + "\r\n").utf8)), count, to: &steps)
        case ("C", "\\"): add(.send(try octets(text)), count, to: &steps)
        case ("S", ":"): add(text == "closed" ? .expectClose : .expect(text), count, to: &steps)
        case ("M", ":"): steps.append(.stored(try envelope(text)))
        case ("M", "|"): try extend(&steps, by: Array((text + "\r\n").utf8), count)
        case ("M", "\\"): try extend(&steps, by: try octets(text), count)
        case (_, ":") where steps.isEmpty: try options.set(word, text)
        default: throw DialogueFailure("no step: \(line)")
        }
    }

    /// `C*3` is three times `C`.
    private static func repetition(_ text: Substring) throws(DialogueFailure) -> (String, Int) {
        let parts = text.split(separator: "*")
        if parts.count == 1 { return (String(text), 1) }
        guard parts.count == 2, let count = Int(parts[1]) else { throw DialogueFailure("no repetition: \(text)") }
        return (String(parts[0]), count)
    }

    private static func add(_ step: Step, _ count: Int, to steps: inout [Step]) {
        steps += Array(repeating: step, count: count)
    }

    private static func envelope(_ text: String) throws(DialogueFailure) -> StoredMessage {
        let paths = text.split(separator: " ").map(String.init)
        guard paths.count >= 2 else { throw DialogueFailure("a message has a reverse path and forward paths") }
        return StoredMessage(reversePath: paths[0], forwardPaths: Array(paths[1...]))
    }

    private static func extend(_ steps: inout [Step], by octets: [UInt8], _ count: Int) throws(DialogueFailure) {
        guard case .stored(var message)? = steps.last else { throw DialogueFailure("there is no M: before this line") }
        message.content += Array(repeating: octets, count: count).joined()
        steps[steps.count - 1] = .stored(message)
    }

    /// `\r`, `\n`, `\0`, `\t`, `\\`, `\xHH`, and everything else as it is.
    private static func octets(_ text: String) throws(DialogueFailure) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                octets.append(byte)
                continue
            }
            switch rest.popFirst().map(Unicode.Scalar.init) {
            case "r": octets.append(13)
            case "n": octets.append(10)
            case "t": octets.append(9)
            case "0": octets.append(0)
            case "\\": octets.append(byte)
            case "x":
                guard let octet = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    throw DialogueFailure("no octet: \(text)")
                }
                octets.append(octet)
                rest = rest.dropFirst(2)
            default: throw DialogueFailure("there is no such escape: \(text)")
            }
        }
        return octets
    }
}
