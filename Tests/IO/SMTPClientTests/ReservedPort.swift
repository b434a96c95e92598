import Foundation
import MailTesting

/// A port of the loopback that nobody listens on, and nobody else can take meanwhile.
final class ReservedPort {
    let number: Int
    private let descriptor: Int32

    init() throws { (descriptor, number) = try loopbackSocket(SOCK_STREAM) }

    deinit { close(descriptor) }
}
