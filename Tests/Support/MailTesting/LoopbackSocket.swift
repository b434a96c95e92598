public import Foundation

/// A new socket that is bound to a port of the loopback.
///
/// - Parameter wanted: the port; 0 for one that the system picks.
/// - Returns: the socket, which is the caller's to close, and its port.
public func loopbackSocket(_ kind: __socket_type, port wanted: Int = 0) throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = in_port_t(wanted).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
        }
    }
    guard status == 0 else {
        let code = POSIXErrorCode(rawValue: errno) ?? .EIO
        close(descriptor)
        throw POSIXError(code)
    }
    return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
}
