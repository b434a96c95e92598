import NIOCore
import Testing

@testable import SMTPCore

struct ChunkReaderTests {
    /// Reads chunk after chunk, and tells the content and the refusal.
    private func read(_ chunks: [String], allowsBinary: Bool = false, convertsBareLF: Bool = false) -> (String, Int?) {
        var reader = ContentReader(
            framing: .chunk(remaining: 0), limits: .init(), convertsBareLF: convertsBareLF, allowsBinary: allowsBinary)
        var content = ""
        for chunk in chunks {
            reader.framing = .chunk(remaining: UInt64(chunk.utf8.count))
            var input = ByteBuffer(string: chunk + "NOOP")
            while case .piece(let piece)? = reader.next(from: &input) { content += String(buffer: piece) }
            #expect(String(buffer: input) == "NOOP")
        }
        reader.finish()
        return (content, reader.inspection.refusal?.code)
    }

    @Test(arguments: [[""], ["a"], ["a\r\n.\r\nb"], ["..", "\r\n"], ["a\r", "\nb"], [".\r\n", ".\r\n"]])
    func `chunks are counted and joined; dots mean nothing in them`(chunks: [String]) {
        let (content, code) = read(chunks)
        #expect(content == chunks.joined())
        #expect(code == nil)
    }

    @Test(arguments: [["a\r"], ["a\r", "b"], ["a", "\n"], ["\n"], ["a\0"], ["a\r", "\r\n"]])
    func `bare CR, bare LF and NUL are refused, across chunks too`(chunks: [String]) {
        #expect(read(chunks).1 == 550)
    }

    @Test func `binary content is taken as it is`() {
        let (content, code) = read(["\0\r", "x\n\n", "\r"], allowsBinary: true, convertsBareLF: true)
        #expect(content == "\0\rx\n\n\r")
        #expect(code == nil)
    }
}
