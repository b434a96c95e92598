import ArgumentParser
import MailCore
import MailMIME
import MailServer

extension EmlCommand {
    struct Header: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the value of one header field from standard input; print JSON.",
            discussion: """
                EXAMPLES
                  echo 'Tue, 1 Jul 2003 10:52:37 +0200' | martlet eml header --as date
                  echo 'text/plain; charset=utf-8' | martlet eml header --as content-type
                """)

        @Option(name: .customLong("as"), help: "What the value is.") var form: HeaderReading.Form

        func run() throws {
            StandardOutput.print(try JSONLine.text(HeaderReading(try MessageInput.read("-"), as: form)))
        }
    }

    struct Address: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judge one address; print JSON.",
            discussion: """
                The address is taken from standard input, octet by octet but for a line end behind it, unless it is given.
                The category is valid; rfc5321: good for SMTP, and unusual; cfws: good without its comments and blanks;
                deprec: an obsolete form; rfc5322: good by the grammar of headers only; err: no address.

                EXAMPLES
                  martlet eml address ann@example.org
                  echo '<ann@example.org>' | martlet eml address --smtp
                """)

        @Flag(help: "A path as SMTP has it: angle brackets, no comments and blanks.") var smtp = false
        @Flag(name: .customLong("raw"), help: "A line end behind the address belongs to it.") var raw = false
        @Argument(help: "The address.") var address: String?

        func run() throws {
            var bytes = try address.map { Array($0.utf8) } ?? MessageInput.read("-")
            if address == nil, !raw, bytes.last == UInt8(ascii: "\n") {
                bytes.removeLast()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            }
            StandardOutput.print(try JSONLine.text(smtp ? AddressJudgement(path: bytes) : AddressJudgement(bytes)))
        }
    }

    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a delivery report; print JSON.",
            discussion: """
                EXAMPLES
                  martlet eml report bounce.eml
                  martlet eml report < bounce.eml
                """)

        @Argument(help: ArgumentHelp("A file with the report; - is standard input.", valueName: "file")) var file = "-"

        func run() throws {
            let message = try MessageInput.message(file)
            guard let reading = DeliveryReportReading(message) else {
                throw ExitStatus.data.failing("\(file) is no delivery report: it has no message/delivery-status part")
            }
            StandardOutput.print(try JSONLine.text(ReportRecord(reading)))
        }
    }
}

struct AddressJudgement: Encodable {
    let ok: Bool
    @Nullable var local: String?
    @Nullable var domain: String?
    let category: String
    /// Why SMTP cannot carry it.
    let error: String?

    init(_ bytes: [UInt8]) {
        let syntax = AddressSyntax(bytes)
        ok = syntax.category != .err
        local = syntax.localPart
        domain = syntax.domain
        category = syntax.category.rawValue
        error = nil
    }

    /// A path of RFC 5321 §4.1.2; an obsolete source route in it is skipped.
    init(path: [UInt8]) {
        var text = path[...]
        if text.first == ASCII.less, text.last == ASCII.greater { text = text.dropFirst().dropLast() }
        if text.first == ASCII.at, let colon = text.firstIndex(of: ASCII.colon) { text = text[(colon + 1)...] }
        do throws(AddressError) {
            guard let string = String(validating: text, as: UTF8.self) else {
                throw AddressError("the address is no UTF-8")
            }
            let address = try EmailAddress(string)
            ok = true
            local = address.localPart.description
            domain = "\(address.host)"
            category = AddressSyntax(text).category.rawValue
            error = nil
        } catch {
            ok = false
            local = nil
            domain = nil
            category = AddressSyntax.Category.err.rawValue
            self.error = error.description
        }
    }
}

struct ReportRecord: Encodable {
    struct Recipient: Encodable {
        private enum CodingKeys: String, CodingKey {
            case finalRecipient = "final"
            case original, action, status
            case remoteMTA = "remote_mta"
            case diagnostic
        }

        @Nullable var finalRecipient: String?
        @Nullable var original: String?
        @Nullable var action: String?
        @Nullable var status: String?
        @Nullable var remoteMTA: String?
        @Nullable var diagnostic: String?
    }

    private enum CodingKeys: String, CodingKey {
        case reportingMTA = "reporting_mta"
        case recipients
    }

    @Nullable var reportingMTA: String?
    let recipients: [Recipient]

    init(_ reading: DeliveryReportReading) {
        reportingMTA = reading.reportingMTA
        recipients = reading.recipients.map {
            Recipient(
                finalRecipient: $0.finalRecipient, original: $0.originalRecipient, action: $0.action, status: $0.status,
                remoteMTA: $0.remoteMTA, diagnostic: $0.diagnostic)
        }
    }
}
