import Foundation
import MailTesting
import Testing

/// A port of the loopback whose listener takes no connection: a client that connects waits for ever.
final class BusyPort {
    let number: Int
    private var descriptors: [Int32]

    init() throws {
        let listener: Int32
        (listener, number) = try loopbackSocket(SOCK_STREAM)
        descriptors = [listener]
        try #require(listen(listener, 0) == 0)
        // One connection fits into the backlog of a listener that wants none; two make sure.
        for _ in 1...2 { descriptors.append(Self.connect(number)) }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    private static func connect(_ port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = Glibc.connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}
