import Foundation
import Glibc
import LocalMail
import MailCore
import NIOCore
import QueueCore

/// A folder that a test has for itself, removed behind it.
final class MailboxFolder {
    let root: String

    init() throws {
        root = NSTemporaryDirectory() + "maildir-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []).sorted()
    }

    func bytes(_ file: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(file))))
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(file)))
    }

    func delivery(
        to mailbox: String = "example.org/ann", id: UInt64 = 1_763_763_898_000_000, recipient: Int = 0,
        prefix: String = "Delivered-To: ann@example.org\r\n", body: String = "Subject: Hello\r\n\r\nHello.\r\n",
        quota: UInt64? = nil
    ) -> MaildirDelivery {
        MaildirDelivery(
            mailbox: path(mailbox), queueID: QueueID(rawValue: id), recipientNumber: recipient,
            content: MessageContent(prefix: ByteBuffer(string: prefix), body: .memory(ByteBuffer(string: body))),
            quota: quota)
    }
}

let host: Domain = {
    do { return try Domain("mx.example.org") } catch { preconditionFailure("\(error)") }
}()
