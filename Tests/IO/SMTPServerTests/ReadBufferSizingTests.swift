import NIOCore
import Testing

@testable import SMTPServer

struct ReadBufferSizingTests {
    @Test func `a session of short commands keeps a small buffer`() {
        var sizing = ReadBufferSizing()
        let growths = [6, 40, 127].map { sizing.record(actualReadBytes: $0) }
        #expect(growths == [false, false, false])
        #expect(sizing.nextBufferSize() == 128)
        #expect(sizing.buffer(allocator: .init()).capacity == 128)
    }

    @Test func `whoever fills the buffer gets a larger one, twice`() {
        var sizing = ReadBufferSizing()
        let sizes = [128, 500, 1_024, 16_384].map { octets in
            _ = sizing.record(actualReadBytes: octets)
            return sizing.nextBufferSize()
        }
        #expect(sizes == [1_024, 1_024, 16_384, 16_384])
    }
}
