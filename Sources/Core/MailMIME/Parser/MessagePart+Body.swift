/// A body with its encoding undone.
public struct DecodedBody: Sendable {
    public let bytes: [UInt8]
    /// What was wrong with the encoding, or nil.
    public let defect: MessageDefect.Kind?
}

/// A body as text.
public struct DecodedText: Sendable {
    public let text: String
    /// What was wrong with the encoding and the charset.
    public let defects: [MessageDefect.Kind]
}

extension MessagePart {
    /// The body as it lies in the message.
    public var rawBody: ArraySlice<UInt8> { message.bytes[bodyRange] }

    /// The body with base64, quoted-printable or uuencode undone. What cannot be read is left out or stays as it is. The
    /// body of a multipart or a message is not encoded itself: it is given as it lies there.
    public func decodedBody() -> DecodedBody {
        isMultipart || isMessage
            ? DecodedBody(bytes: Array(rawBody), defect: nil) : transferEncoding.decode(rawBody)
    }

    /// The body as text in the charset that the part names, else in UTF-8 or windows-1252.
    public func decodedText() -> DecodedText {
        let body = decodedBody()
        let text = Charset.decode(body.bytes, label: charset)
        return DecodedText(text: text.text, defects: [body.defect, text.defect].compactMap { $0 })
    }

    /// The message inside of a message/rfc822 that is encoded, against RFC 2045 §6.4; nil for every other part. Its
    /// places are counted from its own start.
    public func encodedMessage(limits: MessageLimits = MessageLimits()) -> ParsedMessage? {
        guard !isMessage, mediaType == "message/rfc822" || mediaType == "message/global",
            [.base64, .quotedPrintable].contains(transferEncoding)
        else { return nil }
        return MessageParser.parse(decodedBody().bytes, limits: limits)
    }
}
