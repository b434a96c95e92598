import Foundation
import MailCore
import MailDNS
import MailTesting

/// A name server that takes questions and never answers.
final class SilentServer: Sendable {
    let nameServer: NameServer
    private let descriptor: Int32

    init() throws {
        let port: Int
        (descriptor, port) = try loopbackSocket(SOCK_DGRAM)
        nameServer = NameServer(.v4(IPv4Address(bits: 0x7F00_0001)), port: UInt16(port))
    }

    deinit { close(descriptor) }

    /// Waits until somebody asks something.
    func firstQuestion() {
        var octet: UInt8 = 0
        recv(descriptor, &octet, 1, 0)
    }
}
