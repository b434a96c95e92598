import Glibc

/// Reads and writes of whole runs of octets.
enum FileOctets {
    static func write(_ octets: [UInt8], to descriptor: Int32, _ path: String) throws(MaildropError) {
        var written = 0
        while written < octets.count {
            let count = octets.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), octets.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .last("write", path) }
            written += count
        }
    }

    /// Reads up to `count` octets: fewer only at the end of the file.
    static func read(_ count: Int, from descriptor: Int32, _ path: String) throws(MaildropError) -> [UInt8] {
        var failure: MaildropError?
        let octets = [UInt8](unsafeUninitializedCapacity: count) { space, length in
            length = 0
            while length < count {
                let taken = Glibc.read(descriptor, space.baseAddress?.advanced(by: length), count - length)
                if taken < 0, errno == EINTR { continue }
                if taken < 0 { failure = .last("read", path) }
                guard taken > 0 else { break }
                length += taken
            }
        }
        if let failure { throw failure }
        return octets
    }
}
