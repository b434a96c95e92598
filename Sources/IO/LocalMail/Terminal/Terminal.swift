import Glibc

/// A terminal that somebody may be sitting at.
struct Terminal {
    let path: String

    /// Whether its user takes messages: it can be written to by its group (`mesg y`), to which the server belongs.
    var takesMessages: Bool {
        guard let descriptor = open() else { return false }
        close(descriptor)
        return true
    }

    /// Writes all octets, or as much as the terminal takes at once and until `end`. One that is stopped holds up nobody.
    ///
    /// - Returns: whether it took all of them.
    func write(_ octets: [UInt8], until end: ContinuousClock.Instant) -> Bool {
        guard let descriptor = open() else { return false }
        defer { close(descriptor) }
        var rest = octets[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                guard count < 0, errno == EAGAIN, Self.wait(for: descriptor, until: end) else { return false }
            }
        }
        return true
    }

    private func open() -> Int32? {
        let descriptor = Glibc.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        let isTerminal =
            fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR && isatty(descriptor) == 1
        guard isTerminal, status.st_mode & S_IWGRP != 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func wait(for descriptor: Int32, until end: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: end)
        guard left > .zero else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000
        return poll(&entry, 1, Int32(clamping: milliseconds + 1)) > 0 && entry.revents & Int16(POLLOUT) != 0
    }
}
