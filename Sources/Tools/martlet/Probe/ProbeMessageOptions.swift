import ArgumentParser
import FoundationEssentials
import MailCore
import MailServer

/// The message that is sent, or the addresses that are asked about.
struct ProbeMessageOptions: ParsableArguments {
    /// A domain that takes no mail (RFC 2606), so that nobody is bothered whatever happens.
    static let usualRelayRecipient = "relay-check@example.com"

    @Option(help: "A recipient, to whom a test message is sent; may be given several times.") var to: [String] = []
    @Option(help: "The sender in the envelope. Without it nobody, <>.") var from: String?
    @Option(help: "The subject of the test message, in ASCII.") var subject = "Test message"
    @Option(help: "The text of the test message.") var text = "This is a test message; nobody needs to answer it."
    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp(
            "A further header field of the test message, 'Name: value'; may be given several times.", valueName: "field"
        ))
    var header: [String] = []
    @Option(
        help: ArgumentHelp(
            "A file with the whole message, - for standard input. Line ends become CRLF, and NUL is left out.",
            valueName: "file"))
    var data: String?
    @Flag(
        help: """
            Send the file of --data octet for octet, bare CR and LF and NUL too: only a dot behind CRLF is doubled, and \
            the last line ended. To see what a server makes of it.
            """)
    var octets = false
    @Flag(name: .customLong("no-relay-check"), help: "Do not ask whether the server is an open relay.")
    var skipsRelayCheck = false
    @Option(help: ArgumentHelp("The recipient that an open relay would take.", valueName: "address"))
    var relayTo = ProbeMessageOptions.usualRelayRecipient

    var checksRelay: Bool { to.isEmpty && !skipsRelayCheck }

    func validate() throws {
        for address in to + [relayTo] { _ = try Self.address(address) }
        if let from, !from.isEmpty { _ = try Self.address(from) }
        if to.isEmpty, data != nil || !header.isEmpty {
            throw ValidationError("a message needs a recipient; name one with --to")
        }
        if octets, data == nil { throw ValidationError("--octets is for the message that --data names") }
        for field in header + ["Subject: \(subject)"] where !Self.isField(field) {
            throw ValidationError(
                "'\(field.escapingControls)' is no header field in ASCII; write 'Name: value', or use --data or martlet send"
            )
        }
    }

    func sender() throws -> ReversePath {
        guard let from, !from.isEmpty, from != "<>" else { return .null }
        return .mailbox(try Self.address(from))
    }

    func relayRecipient() throws -> EmailAddress { try Self.address(relayTo) }

    /// What is done beyond looking.
    func errand() throws -> SessionProbeOptions.Errand {
        guard !to.isEmpty else { return .look }
        let content = try data.map(Self.contents) ?? composed()
        return .message(
            ProbeMessage(recipients: try to.map(Self.address), content: content, isVerbatim: octets))
    }

    private func composed() throws -> [UInt8] {
        let now = SystemClock.now()
        let sender = try sender().mailbox?.description ?? "postmaster@localhost"
        let fields =
            [
                "Date: \(now.mailDate)", "From: <\(sender)>", "To: \(to.map { "<\($0)>" }.joined(separator: ",\r\n "))",
                "Subject: \(subject)",
                "Message-ID: <\(now.microseconds).\(UInt32.random(in: 0 ... .max))@probe.invalid>",
                "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: \(text.utf8.allSatisfy { $0 < 0x80 } ? "7bit" : "8bit")",
            ] + header
        let lines = fields + ["", text, ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func address(_ text: String) throws -> EmailAddress {
        do {
            let address = try EmailAddress(text)
            guard address.isASCII else { throw ValidationError("\(text): a probe speaks ASCII addresses only") }
            return address
        } catch let error as AddressError {
            throw ValidationError("'\(text.escapingControls)' is no address: \(error)")
        }
    }

    private static func isField(_ text: String) -> Bool {
        let name = text.prefix { $0 != ":" }
        return !name.isEmpty && name.count < text.count && !name.contains(" ") && text.utf8.count <= 998
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    private static func contents(of path: String) throws -> [UInt8] {
        do {
            return try InputFile(path).readAll()
        } catch let error as InputError {
            throw error.status.failing(error.description.escapingControls)
        }
    }
}
