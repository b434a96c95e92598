import MailCore
import QueueCore

/// The name of a message's file: `seconds.Q<queue ID>R<recipient>.<host>,S=<size>`.
///
/// All of it but the size follows from queue ID and recipient, so that a second delivery finds the first one. No part
/// can hold a slash or begin with a dot.
struct MaildirName {
    /// What names the message; the size and, in `cur`, the flags follow it.
    let base: String
    let text: String

    init(_ delivery: MaildirDelivery, host: Domain) {
        let seconds = delivery.queueID.rawValue / 1_000_000
        base = "\(seconds).Q\(delivery.queueID)R\(delivery.recipientNumber).\(host)"
        text = "\(base),S=\(delivery.size)"
    }

    /// The base of a file name found in a mailbox: what stands before the first `,` or `:`.
    static func base(of fileName: String) -> String {
        String(fileName.prefix { $0 != "," && $0 != ":" })
    }

    /// The size that a file name found in a mailbox tells: the number behind `,S=`; nil for one that tells none.
    static func size(in fileName: String) -> UInt64? {
        guard let mark = fileName.firstRange(of: ",S=") else { return nil }
        return UInt64(fileName[mark.upperBound...].prefix { $0.isASCII && $0.isNumber })
    }
}
