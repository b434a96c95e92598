import CText
import MailCore

/// A conversion to UTF-8 by the C library's iconv.
final class IconvConverter {
    private let descriptor: iconv_t

    /// - Parameter name: the charset's name. Nil for a name that iconv does not know, or that could be more than a name.
    init?(from name: String) {
        let isName = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_.:+()".utf8.contains($0) }
        guard isName, !name.isEmpty, name.utf8.count <= 40, let descriptor = iconv_open("UTF-8", name),
            Int(bitPattern: descriptor) != -1
        else { return nil }
        self.descriptor = descriptor
    }

    deinit { iconv_close(descriptor) }

    /// Converts everything; U+FFFD stands for each octet that is no part of a character.
    func convert(_ bytes: UnsafeBufferPointer<UInt8>) -> (output: [UInt8], isClean: Bool) {
        let input = UnsafeMutableRawBufferPointer(mutating: UnsafeRawBufferPointer(bytes))
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var piece = [CChar](repeating: 0, count: 4_096)
        var isClean = true
        // iconv does not write there, whatever its declaration says.
        input.withMemoryRebound(to: CChar.self) { input in
            var next = input.baseAddress
            var left = input.count
            var isFlushed = false
            while !isFlushed {
                // Without input iconv writes what it still holds.
                isFlushed = left == 0
                let failure = step(&next, &left, flush: isFlushed, &piece, &output)
                guard failure == EILSEQ || failure == EINVAL else {
                    if failure == E2BIG { isFlushed = false }
                    continue
                }
                isClean = false
                output += [0xEF, 0xBF, 0xBD]
                next = next?.successor()
                left -= min(1, left)
            }
        }
        return (output, isClean)
    }

    /// - Returns: errno, or 0.
    private func step(
        _ next: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, flush: Bool, _ piece: inout [CChar],
        _ output: inout [UInt8]
    ) -> CInt {
        piece.withUnsafeMutableBufferPointer { piece in
            var end = piece.baseAddress
            var room = piece.count
            let failure =
                flush
                ? martlet_iconv(descriptor, nil, nil, &end, &room)
                : martlet_iconv(descriptor, &next, &left, &end, &room)
            output += UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(piece)[..<(piece.count - room)])
            return failure
        }
    }
}
