import Glibc

/// The names of drop files: the time, so that they are taken in the order in which they came, the process, and enough
/// chance that no name comes twice.
enum DropName {
    /// The longest name that is taken in.
    static let limit = 100

    static func make() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let chance = UInt64.random(in: .min ... .max)
        return "\(time.tv_sec).\(padded(time.tv_nsec)).\(getpid()).\(String(chance, radix: 36))"
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 9 - digits.utf8.count)) + digits
    }

    /// Whether a name may be ours: letters, digits and dots.
    static func isSound(_ name: String) -> Bool {
        (1...limit).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E
            }
    }
}
