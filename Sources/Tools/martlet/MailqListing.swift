import Glibc
import MailCore
import MailServer

/// The lines of `postqueue -p`: queue ID with `*` while it is worked at and `!` where it is held, size, arrival, sender,
/// then reasons and recipients.
enum MailqListing {
    static let heading = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------"

    static func lines(of record: QueueRecord) -> String {
        let mark = record.queueName == "active" ? "*" : record.queueName == "hold" ? "!" : " "
        let sender = record.sender.isEmpty ? "MAILER-DAEMON" : record.sender.escapingControls
        let head =
            "\(padded("\(record.queueID)\(mark)", 12)) \(leftPadded("\(record.messageSize)", 8)) "
            + "\(time(record.arrivalTime))  \(sender)"
        let open = record.recipients.filter { $0.state == "pending" || $0.state == "held" }
        let lines = open.flatMap { recipient -> [String] in
            let reason = recipient.delayReason.map { leftPadded("(\($0.escapingControls))", 78) }
            return [reason, String(repeating: " ", count: 41) + recipient.address.escapingControls].compactMap(\.self)
        }
        return ([head] + lines).joined(separator: "\n")
    }

    /// As date(1) writes it, without the year: `Sat Nov 21 20:00:00`.
    private static func time(_ seconds: Int64) -> String {
        var (seconds, parts) = (time_t(seconds), tm())
        localtime_r(&seconds, &parts)
        let text = [UInt8](unsafeUninitializedCapacity: 64) { space, count in
            count = space.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { strftime($0, text.count, "%a %b %d %H:%M:%S", &parts) } ?? 0
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
