import MailCore

/// Files in text as it was before MIME: a line `begin MODE NAME`, lines that each begin with their length, and `end`.
public enum UUEncoding {
    /// The first file in the text, or nil if there is none.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding? {
        let lines = Array(text).split(separator: ASCII.lf, omittingEmptySubsequences: false)
        guard let begin = lines.firstIndex(where: { isBegin($0) }) else { return nil }
        var output: [UInt8] = []
        for line in lines[(begin + 1)...] {
            let line = line.last == ASCII.cr ? line.dropLast() : line
            if line.elementsEqual("end".utf8) { return Decoding(bytes: output, isClean: true) }
            guard let first = line.first else { continue }
            let length = Int((first &- 32) & 63)
            if length == 0 { continue }
            append(line.dropFirst(), length: length, to: &output)
        }
        return Decoding(bytes: output, isClean: false)
    }

    private static func isBegin(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "begin ".utf8) && line.dropFirst(6).first?.isASCIIDigit == true
    }

    /// Digits that are missing at the end of a line are blanks that were cut off.
    private static func append(_ digits: ArraySlice<UInt8>, length: Int, to output: inout [UInt8]) {
        var left = length
        var position = digits.startIndex
        while left > 0 {
            var group: UInt32 = 0
            for index in 0..<4 {
                let digit = position + index < digits.endIndex ? (digits[position + index] &- 32) & 63 : 0
                group = group << 6 | UInt32(digit)
            }
            for index in 0..<min(3, left) {
                output.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(index))))
            }
            position += 4
            left -= 3
        }
    }
}
