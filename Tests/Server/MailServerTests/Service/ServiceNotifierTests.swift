import Glibc
import MailTesting
import Testing

@testable import MailServer

struct ServiceNotifierTests {
    /// A datagram socket such as a service manager's.
    private final class Manager {
        private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)

        init(path: String) throws {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { bytes in
                bytes.copyBytes(from: Array(path.utf8))
                if path.hasPrefix("@") { bytes[0] = 0 }
            }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(result == 0)
        }

        deinit { close(descriptor) }

        /// What has been sent and not read yet.
        func message() -> String? {
            var buffer = [UInt8](repeating: 0, count: 1_024)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
        }
    }

    @Test func `the service manager is told of the start and of the end`() throws {
        let folder = try TemporaryDirectory()
        let manager = try Manager(path: folder.path("notify"))
        let notifier = ServiceNotifier { $0 == "NOTIFY_SOCKET" ? folder.path("notify") : nil }
        notifier.ready()
        #expect(manager.message() == "READY=1\nSTATUS=taking messages")
        notifier.stopping()
        #expect(manager.message() == "STOPPING=1\nSTATUS=finishing what is under way")
    }

    @Test func `the socket may have an abstract name`() throws {
        let name = "@martlet-test-\(UInt64.random(in: 0 ... .max))"
        let manager = try Manager(path: name)
        ServiceNotifier { _ in name }.ready()
        #expect(manager.message()?.hasPrefix("READY=1\n") == true)
    }

    @Test func `without a service manager, or with one that is gone, nothing happens`() {
        ServiceNotifier { _ in nil }.ready()
        ServiceNotifier { _ in "/nonexistent/notify" }.ready()
        ServiceNotifier { _ in String(repeating: "x", count: 500) }.ready()
    }
}
