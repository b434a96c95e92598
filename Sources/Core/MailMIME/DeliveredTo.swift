public import MailCore

/// The field that a delivery leaves in a message, by which a forwarding loop is noticed.
public enum DeliveredTo {
    /// How much of a message is searched.
    public static let searchLimit = 256 * 1_024

    /// Whether the header says that the message was delivered to `address` before.
    ///
    /// - Parameter bytes: the message, or its front.
    public static func names(_ address: EmailAddress, in bytes: UnsafeRawBufferPointer) -> Bool {
        var header = HeaderBlock(UnsafeRawBufferPointer(rebasing: bytes.prefix(searchLimit)))
        while let field = header.next() {
            if field.isNamed("Delivered-To"), matches(field.text, address) { return true }
        }
        return false
    }

    private static func matches(_ text: String, _ address: EmailAddress) -> Bool {
        guard let other = try? EmailAddress(text) else { return false }
        return other.localPart.folded == address.localPart.folded && other.host == address.host
    }
}
