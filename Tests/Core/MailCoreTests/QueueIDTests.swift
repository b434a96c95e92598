import MailCore
import Testing

struct QueueIDTests {
    @Test func `identifiers grow, even when the clock stands or goes back`() {
        let first = QueueID(after: nil, microseconds: 1_000)
        let second = QueueID(after: first, microseconds: 1_000)
        let third = QueueID(after: second, microseconds: 10)
        #expect(first.rawValue == 1_000)
        #expect(first < second && second < third)
        #expect(QueueID(after: third, microseconds: 5_000).rawValue == 5_000)
    }

    @Test(arguments: [0, 31, 32, 1_795_000_000_000_000, .max] as [UInt64])
    func `an identifier reads what it writes, in either case`(value: UInt64) {
        let id = QueueID(rawValue: value)
        #expect(QueueID(id.description) == id)
        #expect(QueueID(id.description.lowercased()) == id)
    }

    @Test func `an identifier has no letters that look like digits`() {
        #expect(QueueID(rawValue: 32 * 31 + 18).description == "ZJ")
        for digit in 0..<UInt64(32) { #expect(!"ILOU".contains(QueueID(rawValue: digit).description)) }
    }

    @Test(arguments: ["", "I", "L", "O", "U", "1-2", " 1", "ß", "ſ", "ZZZZZZZZZZZZZ", "00000000000000"])
    func `what is no identifier is refused`(text: String) {
        #expect(QueueID(text) == nil)
    }
}
