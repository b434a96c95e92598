public import MailCore
import MailMIME
import NIOCore
public import QueueCore

extension MessageContent {
    /// Whether the message's header says that it was delivered to `address` before: a forwarding loop. Reads at most
    /// 256 KiB; a body that cannot be read says nothing.
    public func wasDelivered(to address: EmailAddress) -> Bool {
        if prefix.withUnsafeReadableBytes({ DeliveredTo.names(address, in: $0) }) { return true }
        switch body {
        case .memory(let buffer):
            return buffer.withUnsafeReadableBytes { DeliveredTo.names(address, in: $0) }
        case .file(let path, let offset, let length):
            let front = Self.read(path, offset: offset, count: Int(min(length, UInt64(DeliveredTo.searchLimit))))
            return front.withUnsafeBytes { DeliveredTo.names(address, in: $0) }
        }
    }
}
