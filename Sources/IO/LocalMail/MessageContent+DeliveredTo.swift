public import MailCore
import MailMIME
import NIOCore
public import QueueCore

extension MessageContent {
    /// Whether the message's header says that it was delivered to `address` before: a forwarding loop. Reads at most
    /// 256 KiB; a body that cannot be read says nothing.
    public func wasDelivered(to address: EmailAddress) -> Bool {
        if prefix.withUnsafeReadableBytes({ DeliveredTo.names(address, in: $0) }) { return true }
        return withFrontOfBody(atMost: DeliveredTo.searchLimit) { DeliveredTo.names(address, in: $0) }
    }
}
