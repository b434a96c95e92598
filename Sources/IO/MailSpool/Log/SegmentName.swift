import MailCore

/// The name of a segment's file: its number, and the mark with which each of its records begins.
///
/// The mark is random and never leaves the server. So nothing that a sender puts into a body can pass for a record, nor
/// can what an earlier file left on the disk.
struct SegmentName: Hashable, Sendable, Comparable {
    let number: UInt64
    /// Never zero: zeros are the end of the log. It is odd, so that a search for it does not stop at zeros either.
    let mark: UInt64

    init(number: UInt64, mark: UInt64) {
        precondition(mark != 0)
        self.number = number
        self.mark = mark
    }

    /// Reads `000000000001-0123456789abcdef.log`; nil for anything else.
    init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == "log" else { return nil }
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let number = UInt64(numbers[0]), let mark = UInt64(numbers[1], radix: 16), mark != 0
        else { return nil }
        self.init(number: number, mark: mark)
    }

    var fileName: String {
        "\(Self.padded(String(number), 12))-\(Self.padded(String(mark, radix: 16), 16)).log"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    static func < (one: SegmentName, other: SegmentName) -> Bool { one.number < other.number }
}
