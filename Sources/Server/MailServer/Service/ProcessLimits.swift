import Glibc

/// What the system lets this process have.
enum ProcessLimits {

    /// Raises the number of files that may be open to what is allowed at most; every connection is one.
    ///
    /// - Returns: the connections there may be, with descriptors left over for the queue and the mailboxes.
    static func raiseOpenFiles() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return .max }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
        let files = Int(clamping: limit.rlim_max)
        return max(files - max(files / 5, 64), 1)
    }
}
