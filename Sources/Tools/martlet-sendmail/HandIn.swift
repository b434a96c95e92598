import Glibc
import MailCore
import Maildrop
import SendmailCore

/// Takes one message from standard input and leaves it in the maildrop.
struct HandIn {
    private let arguments: SendmailArguments
    private let folder: MaildropFolder
    private let settings: MaildropSettings
    private let completion: AddressCompletion

    init(_ arguments: SendmailArguments) throws(SendmailFailure) {
        self.arguments = arguments
        folder = try MaildropPlace.find(configuration: arguments.configuration)
        settings = try MaildropPlace.settings(of: folder)
        completion = AddressCompletion(domain: settings.domain)
    }

    func run() throws(SendmailFailure) {
        if !arguments.readsRecipients, arguments.recipients.isEmpty {
            throw SendmailFailure(.usage, "no recipient: name one, or take those of the header with -t; try --help")
        }
        let sender = LocalUser.current
        let reversePath = try reversePath(of: sender)
        let named = try addresses(of: arguments.recipients)
        var input = MessageInput(lines: MessageLines(endsAtDot: !arguments.ignoresDots))
        var header = try readHeader(&input)
        let envelope = try envelope(from: reversePath, to: named, header)
        header.removePrivateFields()
        let author = try authorAddress(reversePath, sender)
        header.addMissingFields(
            author: sender.author(author, name: arguments.fullName), date: Clock.now.mailDate,
            messageID: Clock.messageID(at: settings.hostname))
        try write(header, &input, envelope)
    }

    /// Looks at the addresses, and says for each whether it can be one. Who exists, the server decides at delivery.
    func verify() throws(SendmailFailure) {
        guard !arguments.recipients.isEmpty else { throw SendmailFailure(.usage, "no address to look at; try --help") }
        for address in try addresses(of: arguments.recipients) {
            StandardStream.write("\(address)... is an address; whether it can be delivered to shows at delivery\n")
        }
    }

    // MARK: The envelope

    private func reversePath(of sender: LocalSender) throws(SendmailFailure) -> ReversePath {
        let text = arguments.sender ?? sender.login
        return try SendmailFailure.address(text) { () throws(AddressError) in try completion.reversePath(text) }
    }

    private func authorAddress(_ path: ReversePath, _ sender: LocalSender) throws(SendmailFailure) -> EmailAddress {
        if let mailbox = path.mailbox { return mailbox }
        return try SendmailFailure.address(sender.login) { () throws(AddressError) in
            try completion.address(sender.login)
        }
    }

    private func addresses(of texts: [String]) throws(SendmailFailure) -> [EmailAddress] {
        var result: [EmailAddress] = []
        for text in texts {
            let parts = AddressList.addresses(in: text.utf8)
            if parts.isEmpty { throw SendmailFailure(.data, "'\(text)' is no address") }
            for part in parts {
                result.append(
                    try SendmailFailure.address(part) { () throws(AddressError) in
                        try completion.address(part)
                    })
            }
        }
        return result
    }

    private func envelope(
        from path: ReversePath, to named: [EmailAddress], _ header: MessageHeader
    ) throws(SendmailFailure) -> Envelope {
        var all = named
        if arguments.readsRecipients { all += try addresses(of: header.recipients) }
        var seen: Set<EmailAddress> = []
        let recipients = all.filter { seen.insert($0).inserted }
        if recipients.isEmpty {
            throw SendmailFailure(.data, "no recipient: there is none in To, Cc or Bcc, nor as an argument")
        }
        guard recipients.count <= settings.recipients else {
            throw SendmailFailure(
                .data, "\(recipients.count) recipients are more than the \(settings.recipients) of the limit")
        }
        return Envelope(
            reversePath: path, recipients: recipients.map { EnvelopeRecipient($0, notify: arguments.notify) },
            options: EnvelopeOptions(
                smtputf8: !recipients.allSatisfy(\.isASCII) || path.mailbox?.isASCII == false,
                return: arguments.returned, envelopeID: arguments.envelopeID))
    }

    // MARK: The message

    private func readHeader(_ input: inout MessageInput) throws(SendmailFailure) -> MessageHeader {
        while true {
            let isWhole = try !input.fill()
            if let (header, start) = MessageHeader.read(input.pending, isWhole: isWhole) {
                input.drop(start)
                return header
            }
            guard input.pending.count <= settings.headerSize else {
                throw SendmailFailure(.data, "the header is over \(settings.headerSize) octets")
            }
        }
    }

    private func write(
        _ header: MessageHeader, _ input: inout MessageInput, _ envelope: Envelope
    ) throws(SendmailFailure) {
        let writer = try SendmailFailure.maildrop { () throws(MaildropError) in try DropWriter(folder, envelope) }
        var check = ContentCheck(settings)
        try append(header.octets + [0x0D, 0x0A], to: writer, &check)
        try append(input.take(), to: writer, &check)
        while try input.fill() { try append(input.take(), to: writer, &check) }
        try append(input.take(), to: writer, &check)
        if input.lines.nuls > 0 { StandardStream.complain("warning: \(input.lines.nuls) NUL octets are left out") }
        let body: EnvelopeOptions.Body = input.lines.hasEightBit ? .eightBit : .sevenBit
        try SendmailFailure.maildrop { () throws(MaildropError) in try writer.commit(body: body) }
    }

    private func append(
        _ octets: [UInt8], to writer: DropWriter, _ check: inout ContentCheck
    ) throws(SendmailFailure) {
        if let refusal = check.take(octets) { throw SendmailFailure(.data, "the server would refuse it: \(refusal)") }
        try SendmailFailure.maildrop { () throws(MaildropError) in try writer.append(octets) }
    }
}
