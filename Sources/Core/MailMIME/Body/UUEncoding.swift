import MailCore

/// Files in text as it was before MIME: a line `begin MODE NAME`, lines that each begin with their length, and `end`.
public enum UUEncoding {
    /// The first file in the text, or nil if there is none.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding? {
        Array(text).withUnsafeBufferPointer { text in
            var decoder = UUDecoder()
            let bytes = decoder.decode(text)
            return decoder.hasBegun ? Decoding(bytes: bytes, isClean: decoder.isClean) : nil
        }
    }

    static func isBegin(_ line: UnsafeRawBufferPointer) -> Bool {
        line.count > 6 && line[6].isASCIIDigit && line.starts(with: "begin ".utf8)
    }
}
