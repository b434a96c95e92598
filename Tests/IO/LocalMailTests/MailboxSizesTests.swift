import Foundation
import Glibc
import LocalMail
import MailCore
import QueueCore
import Testing

/// How much mailboxes hold, and what becomes of mail for those that may hold no more.
struct MailboxSizesTests {
    private let folder: MailboxFolder
    private let mailbox = "example.org/ann"

    init() throws {
        folder = try MailboxFolder()
        for name in ["new", "cur", "tmp", ".Sent/new", ".Sent/cur"] {
            try FileManager.default.createDirectory(
                atPath: folder.path("\(mailbox)/\(name)"), withIntermediateDirectories: true)
        }
    }

    private func deliver(
        _ deliveries: [MaildirDelivery], sizes: MailboxSizes = MailboxSizes(lifetime: .zero)
    ) -> [Outcome] {
        MaildirAgent(host: host, sizes: sizes).deliver(deliveries)
    }

    @Test func `names say how much there is, and files where names do not; what is not delivered yet does not count`()
        throws
    {
        for (name, octets) in [
            ("new/1.a.host,S=1000", 1), ("cur/2.b.host,S=200,W=210:2,S", 1), ("cur/3.c.host:2,", 30),
            (".Sent/cur/4.d.host,S=4000:2,S", 1), ("tmp/5.e.host,S=50000", 1), ("new/.hidden,S=60000", 1),
            ("dovecot.index", 700),
        ] {
            try folder.write(Array(repeating: 65, count: octets), to: "\(mailbox)/\(name)")
        }
        #expect(MailboxSizes().octets(in: folder.path(mailbox)) == 5_230)
    }

    @Test func `a mailbox that is not there yet holds nothing`() {
        #expect(MailboxSizes().octets(in: folder.path("example.org/bob")) == 0)
    }

    @Test func `what was measured is known for a while, and then measured anew`() throws {
        let (lasting, fleeting) = (MailboxSizes(), MailboxSizes(lifetime: .zero))
        let path = folder.path(mailbox)
        #expect(lasting.known(path) == nil)
        for sizes in [lasting, fleeting] { #expect(sizes.octets(in: path) == 0) }
        try folder.write([65], to: "\(mailbox)/new/1.a.host,S=1000")
        #expect(lasting.known(path) == 0 && lasting.octets(in: path) == 0)
        #expect(fleeting.known(path) == nil && fleeting.octets(in: path) == 1_000)
    }

    @Test(arguments: [Duration.zero, .seconds(3_600)])
    func `a mailbox takes what its quota has room for, and the rest waits with 4.2.2`(lifetime: Duration) {
        let one = folder.delivery(to: mailbox)
        let quota = 2 * (one.content.size)
        let deliveries = (0..<3).map { folder.delivery(to: mailbox, recipient: $0, quota: quota) }
        let sizes = MailboxSizes(lifetime: lifetime)
        let outcomes = deliveries.flatMap { deliver([$0], sizes: sizes) }
        #expect(outcomes.map(\.action) == [.delivered, .delivered, .deferred])
        #expect("\(outcomes[2].status)" == "4.2.2")
        #expect(outcomes[2].diagnostic.contains("quota"))
        #expect(folder.names("\(mailbox)/new").count == 2 && folder.names("\(mailbox)/tmp").isEmpty)
    }

    @Test func `sizes in names that nobody can add up make a full mailbox, and no crash`() throws {
        for name in ["new/1.a.host,S=\(UInt64.max)", "cur/2.b.host,S=9223372036854775808:2,", ".Sent/new/3.c.host,S=7"]
        {
            try folder.write([65], to: "\(mailbox)/\(name)")
        }
        #expect(MailboxSizes().octets(in: folder.path(mailbox)) == .max)
        #expect(deliver([folder.delivery(to: mailbox, quota: 1_000_000)]).map(\.action) == [.deferred])
    }

    @Test(arguments: ["create", "write", "syncFile", "move"])
    func `what could not be written takes no room`(call: String) {
        let (sizes, size) = (MailboxSizes(), folder.delivery().content.size)
        let delivery = folder.delivery(to: mailbox, quota: size)
        let broken = MaildirAgent(host: host, files: RecordingFiles(failing: [call: EIO]), sizes: sizes)
        for _ in 1...3 { #expect(broken.deliver([delivery]).map(\.action) == [.deferred]) }
        #expect(sizes.known(folder.path(mailbox)) == 0)
        #expect(deliver([delivery], sizes: sizes).map(\.action) == [.delivered])
    }

    @Test func `messages that come together share the room`() {
        let quota = 2 * folder.delivery().content.size
        let deliveries = (0..<3).map { folder.delivery(to: mailbox, recipient: $0, quota: quota) }
        let outcomes = deliver(deliveries, sizes: MailboxSizes())
        #expect(outcomes.map(\.action) == [.delivered, .delivered, .deferred])
    }

    @Test func `a message that an earlier attempt has delivered is not refused for the room that it takes`() {
        let size = folder.delivery().content.size
        let delivery = folder.delivery(to: mailbox, quota: size)
        #expect(deliver([delivery]).map(\.action) == [.delivered])
        #expect(deliver([delivery]).map(\.action) == [.delivered])
    }
}
