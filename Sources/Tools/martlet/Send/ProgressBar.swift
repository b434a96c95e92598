import Glibc

/// How much of a large message is sent, on a terminal, once it takes longer than a second.
struct ProgressBar {
    private static let smallest: UInt64 = 1 << 20
    private static let width = 30

    private let size: UInt64
    private let start = ContinuousClock.now
    private var sent: UInt64 = 0
    private var shown: UInt64?

    /// nil for a small message, or where nobody looks.
    init?(size: UInt64) {
        guard size >= Self.smallest, isatty(STDERR_FILENO) == 1, getenv("TERM").map({ strcmp($0, "dumb") }) != 0 else {
            return nil
        }
        self.size = size
    }

    /// - Parameter count: in octets; nil at the end of the message.
    mutating func advance(by count: Int?) {
        guard let count else {
            if shown != nil { StandardError.write("\r\u{1B}[K") }
            return
        }
        sent += UInt64(count)
        let percent = sent * 100 / size
        guard ContinuousClock.now - start > .seconds(1), percent != shown else { return }
        shown = percent
        StandardError.write("\r\(Self.line(percent: percent, size: size))")
    }

    static func line(percent: UInt64, size: UInt64) -> String {
        let filled = Int(min(percent, 100)) * width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return "[\(bar)] \(percent) % of \(size >> 20) MiB"
    }
}
