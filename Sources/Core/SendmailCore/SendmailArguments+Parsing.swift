import MailCore

/// The options as getopt reads them: letters in clusters, values glued or separate. An option that nobody knows is a
/// warning, never a failure: callers pass what some sendmail once understood.
extension SendmailArguments {
    /// Letters with a value. The value is glued to the letter or is the next argument.
    private static let withValue = Set("ABCDFLMNORVXbefhopr")
    /// Letters whose value is glued to them, or missing.
    private static let withGluedValue = Set("dqET")
    /// Letters without a value that mean something to others.
    private static let ignored = Set("cGmnsUx")

    /// - Parameters:
    ///   - name: the name by which the program was called, without folders.
    ///   - arguments: what stands behind it.
    package init(name: String, arguments: [String]) throws(SendmailUsageError) {
        self.init()
        switch name {
        case "mailq": mode = .listQueue
        case "newaliases": mode = .rebuildAliases
        case "runq": mode = .runQueue(.all)
        default: break
        }
        var rest = arguments[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest.removeFirst()
            if word == "--" { break }
            try take(word, &rest)
        }
        recipients = Array(rest)
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(SendmailUsageError) {
        if word == "--help" {
            mode = .help
            return
        }
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            if Self.withValue.contains(letter) {
                guard let value = letters.isEmpty ? rest.popFirst() : String(letters) else {
                    throw SendmailUsageError("option -\(letter) needs a value")
                }
                return try apply(letter, value)
            }
            if Self.withGluedValue.contains(letter) {
                if letter == "q", mode == .deliver { mode = Self.queueRun(String(letters)) }
                return
            }
            guard apply(letter) else {
                warnings.append("unknown option \(word) is ignored")
                return
            }
        }
    }

    private mutating func apply(_ flag: Character) -> Bool {
        switch flag {
        case "t": readsRecipients = true
        case "i": ignoresDots = true
        case "v": isVerbose = true
        case "I": mode = .rebuildAliases
        default: return Self.ignored.contains(flag)
        }
        return true
    }

    private mutating func apply(_ letter: Character, _ value: String) throws(SendmailUsageError) {
        switch letter {
        case "b": mode = Self.mode(value)
        case "C": configuration = value
        case "F": fullName = value
        case "f", "r": sender = value
        case "N": notify = try Self.notify(value)
        case "R": returned = try Self.returned(value)
        case "V": envelopeID = try Self.envelopeID(value)
        case "B": try Self.checkBody(value)
        case "o", "O": if Self.meansNoDots(value, isLong: letter == "O") { ignoresDots = true }
        default: break
        }
    }

    private static func mode(_ value: String) -> Mode {
        switch value {
        case "m": .deliver
        case "s": .smtp
        case "p": .listQueue
        case "i": .rebuildAliases
        case "v": .verify
        case "d": .serve(inBackground: true)
        case "D": .serve(inBackground: false)
        case "h", "H": .nothing
        default: .unknown(value)
        }
    }

    /// An interval (`-q30m`) has no effect: the server retries by its own schedule.
    private static func queueRun(_ value: String) -> Mode {
        let text = String(value.dropFirst())
        switch value.first {
        case nil: return .runQueue(.all)
        case "I" where !text.isEmpty: return .runQueue(.message(text))
        case "R" where !text.isEmpty: return .runQueue(.recipients(text))
        case "S" where !text.isEmpty: return .runQueue(.senders(text))
        case let letter?: return letter.isNumber ? .nothing : .runQueue(.all)
        }
    }

    private static func meansNoDots(_ value: String, isLong: Bool) -> Bool {
        isLong ? value.lowercased() == "ignoredots" || value.lowercased() == "ignoredots=true" : value == "i"
    }

    /// The octets tell what the body is; the value is only looked at.
    private static func checkBody(_ value: String) throws(SendmailUsageError) {
        guard EnvelopeOptions.Body(rawValue: value.uppercased()) != nil else {
            throw SendmailUsageError("-B \(value): the body is 7BIT, 8BITMIME or BINARYMIME")
        }
    }

    /// RFC 3461 §4.1.
    private static func notify(_ value: String) throws(SendmailUsageError) -> NotifyConditions {
        let words = value.lowercased().split(separator: ",")
        if words == ["never"] { return .never }
        var conditions: NotifyConditions = []
        for word in words {
            switch word {
            case "success": conditions.insert(.success)
            case "failure": conditions.insert(.failure)
            case "delay": conditions.insert(.delay)
            default: throw SendmailUsageError("-N \(value): it is never, or some of success,failure,delay")
            }
        }
        return conditions
    }

    /// RFC 3461 §4.3.
    private static func returned(_ value: String) throws(SendmailUsageError) -> EnvelopeOptions.Return {
        guard let returned = EnvelopeOptions.Return(rawValue: value.uppercased()) else {
            throw SendmailUsageError("-R \(value): it is full or hdrs")
        }
        return returned
    }

    /// RFC 3461 §4.4: at most 100 characters.
    private static func envelopeID(_ value: String) throws(SendmailUsageError) -> String {
        guard !value.isEmpty, value.utf8.count <= 100, value.utf8.allSatisfy({ $0 >= ASCII.space && $0 < 0x7F }) else {
            throw SendmailUsageError("-V: an envelope ID is 1 to 100 printable characters of ASCII")
        }
        return value
    }
}
