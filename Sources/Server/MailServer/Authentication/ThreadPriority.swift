import Glibc

/// How much this thread counts beside others where all want the cores.
enum ThreadPriority {
    private static let niceness: Int32 = 10

    /// Lets the event loops go first, for good: no privilege is needed to step back, and one would be to come forward.
    static func stepBack() {
        // On Linux a niceness is a thread's, and 0 is the one that calls.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }
}
