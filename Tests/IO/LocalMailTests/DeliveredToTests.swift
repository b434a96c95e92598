import LocalMail
import MailCore
import NIOCore
import QueueCore
import Testing

/// A message that was in a mailbox before and comes back is in a loop.
@Suite struct DeliveredToTests {
    @Test(arguments: [
        "Delivered-To: ann@example.org\r\n\r\n", "A: b\r\ndelivered-TO:\r\n\tAnn@Example.ORG \r\n\r\n",
        "A: b\n c\nDelivered-To: bob@example.org\nDelivered-To: ann@example.org",
    ])
    func theRecipientIsFound(header: String) throws {
        #expect(try wasDelivered(header))
    }

    @Test(arguments: [
        "Delivered-To: bob@example.org\r\n\r\nDelivered-To: ann@example.org\r\n",
        "X-Delivered-To: ann@example.org\r\n\r\n", "A: b\r\n Delivered-To: ann@example.org\r\n\r\n",
        "no header\r\nDelivered-To: ann@example.org\r\n", "Delivered-To: ann@example.organ\r\n\r\n", "",
    ])
    func nothingElseIs(header: String) throws {
        #expect(try !wasDelivered(header))
    }

    @Test func thePrefixAndABodyInAFileAreSearchedToo() throws {
        let ann = try EmailAddress("ann@example.org")
        let folder = try MailboxFolder()
        try folder.write(Array("xxDelivered-To: ann@example.org\r\n\r\n".utf8), to: "spooled")
        let file = MessageContent.Body.file(path: folder.path("spooled"), offset: 2, length: 35)
        #expect(MessageContent(prefix: ByteBuffer(), body: file).wasDelivered(to: ann))
        let prefix = ByteBuffer(string: "Delivered-To: ann@example.org\r\n")
        #expect(MessageContent(prefix: prefix, body: .memory(ByteBuffer())).wasDelivered(to: ann))
    }

    private func wasDelivered(_ header: String) throws -> Bool {
        MessageContent(prefix: ByteBuffer(), body: .memory(ByteBuffer(string: header)))
            .wasDelivered(to: try EmailAddress("ann@example.org"))
    }
}
