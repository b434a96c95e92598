import MailCore
import MailMIME
import QueueCore

extension DeliveryReport {
    /// The report as it travels, in lines that end with CRLF. The same value gives the same octets. They are of seven
    /// bits, unless the address that the report goes to is not.
    public var bytes: [UInt8] {
        let parts = [textPart, statusPart] + (returned.map { [part($0)] } ?? [])
        let boundary = Boundary.choose(for: parts)
        var output = header
        output += FieldWriter.field(
            "Content-Type", ["multipart/report;", "report-type=\(reportType);", "boundary=\"\(boundary)\""])
        output += crlf
        for part in parts { output += Array("--\(boundary)\r\n".utf8) + part + crlf }
        return output + Array("--\(boundary)--\r\n".utf8)
    }

    private var reportType: String { isInternational ? "global-delivery-status" : "delivery-status" }

    private var header: [UInt8] {
        var output = FieldWriter.field("Date", [date.mailDate])
        output += FieldWriter.field("From", ["Mail Delivery System", "<MAILER-DAEMON@\(asciiHost)>"])
        output += FieldWriter.field("To", ["<\(due.mailbox)>"])
        output += FieldWriter.field("Subject", [subject])
        output += FieldWriter.field("Message-ID", ["<\(id)@\(asciiHost)>"])
        if let original = returned?.messageID {
            output += FieldWriter.field("In-Reply-To", [original]) + FieldWriter.field("References", [original])
        }
        output += FieldWriter.field("Auto-Submitted", ["auto-replied"])
        return output + FieldWriter.field("MIME-Version", ["1.0"])
    }

    /// Our name may be no ASCII; then the machine is named by what every system can read.
    private var asciiHost: String { host.isASCII ? host.description : "localhost" }

    private var subject: String {
        switch due.origin.kind {
        case .failure: "Your message could not be delivered"
        case .delay: "Your message is delayed"
        case .success: "Your message was delivered"
        }
    }

    private var textPart: [UInt8] {
        let body = TextBody(explanation)
        return Self.fields("text/plain; charset=utf-8", body.transferEncoding) + body.bytes
    }

    private var statusPart: [UInt8] {
        guard isInternational else {
            return FieldWriter.field("Content-Type", ["message/delivery-status"]) + crlf + statusFields
        }
        let body = TextBody(octets: statusFields)
        return Self.fields("message/global-delivery-status", body.transferEncoding) + body.bytes
    }

    private func part(_ content: ReturnedContent) -> [UInt8] {
        if content.isWhole {
            return FieldWriter.field("Content-Type", ["message/rfc822"]) + crlf + content.bytes
        }
        let body = TextBody(octets: content.bytes)
        let type = isInternational ? "message/global-headers" : "text/rfc822-headers; charset=utf-8"
        return Self.fields(type, body.transferEncoding) + body.bytes
    }

    private static func fields(_ type: String, _ transferEncoding: String) -> [UInt8] {
        FieldWriter.field("Content-Type", [type])
            + FieldWriter.field("Content-Transfer-Encoding", [transferEncoding]) + crlf
    }
}

private let crlf: [UInt8] = [ASCII.cr, ASCII.lf]
