import MailCore

/// The trace of a message that a user of this machine handed in. Who that was, the file system tells; no name that the
/// user gives stands here.
struct LocalReceivedField {
    /// Our name.
    let hostname: String
    let userID: UInt32
    let id: QueueID
    /// The recipient, where there is only one.
    let recipient: EmailAddress?
    /// The time, as RFC 5322 writes it.
    let date: String

    /// The field with its line end.
    var text: String {
        let whom = recipient.map { "\r\n\tfor <\($0)>" } ?? ""
        return "Received: by \(hostname) (Martlet, from uid \(userID))\r\n\tid \(id)\(whom);\r\n\t\(date)\r\n"
    }
}
