import NIOCore
import Testing

@testable import SMTPServer

struct ReadBufferSizingTests {
    @Test func `a session of short commands keeps a small buffer`() {
        var sizing = ReadBufferSizing()
        let growths = [6, 40, 1_000, 1_023].map { sizing.record(actualReadBytes: $0) }
        #expect(growths == [false, false, false, false])
        #expect(sizing.nextBufferSize() == 1_024)
        #expect(sizing.buffer(allocator: .init()).capacity == 1_024)
    }

    @Test func `whoever fills the buffer gets a larger one, once`() {
        var sizing = ReadBufferSizing()
        let growths = [1_024, 16_384].map { sizing.record(actualReadBytes: $0) }
        #expect(growths == [true, false])
        #expect(sizing.nextBufferSize() == 16_384)
    }
}
