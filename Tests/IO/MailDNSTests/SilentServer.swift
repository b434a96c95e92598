import Foundation
import MailCore
import MailDNS
import Testing

/// A name server that takes questions and never answers.
final class SilentServer: Sendable {
    let nameServer: NameServer
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        nameServer = NameServer(.v4(IPv4Address(bits: 0x7F00_0001)), port: UInt16(bigEndian: address.sin_port))
        try #require(result == 0)
    }

    deinit { close(descriptor) }

    /// Waits until somebody asks something.
    func firstQuestion() {
        var octet: UInt8 = 0
        recv(descriptor, &octet, 1, 0)
    }
}
