import NIOCore
import Testing

@testable import SMTPServer

struct ReadBufferSizingTests {
    @Test func `a session of short commands keeps a small buffer`() {
        var sizing = ReadBufferSizing()
        for octets in [6, 40, 1_000, 1_023] { #expect(!sizing.record(actualReadBytes: octets)) }
        #expect(sizing.nextBufferSize() == 1_024)
        #expect(sizing.buffer(allocator: .init()).capacity == 1_024)
    }

    @Test func `whoever fills the buffer gets a larger one, once`() {
        var sizing = ReadBufferSizing()
        #expect(sizing.record(actualReadBytes: 1_024), "it grows")
        #expect(sizing.nextBufferSize() == 16_384)
        #expect(!sizing.record(actualReadBytes: 16_384))
        #expect(sizing.nextBufferSize() == 16_384, "and no further")
    }
}
