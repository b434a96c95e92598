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
    public var rawBody: [UInt8] { message.octets[bodyRange] }

    /// The body with base64, quoted-printable or uuencode undone. What cannot be read is left out or stays as it is. The
    /// body of a multipart or a message is not encoded itself: it is given as it lies there.
    public func decodedBody() -> DecodedBody {
        message.octets.withBytes(bodyRange) { BodyDecoder.decode($0, bodyEncoding) }
    }

    /// The decoded body piece by piece, so that a large one takes little memory.
    ///
    /// - Returns: what was wrong with the encoding, or nil.
    @discardableResult
    public func forEachDecodedPiece(_ body: ([UInt8]) throws -> Void) rethrows -> MessageDefect.Kind? {
        var decoder = BodyDecoder(bodyEncoding)
        try message.octets.forEachPiece(bodyRange) { piece in
            let decoded = decoder.decode(piece)
            if !decoded.isEmpty { try body(decoded) }
        }
        let rest = decoder.finish()
        if !rest.isEmpty { try body(rest) }
        if decoder.isMisnamed { try message.octets.forEachPiece(bodyRange) { try body(Array($0)) } }
        return decoder.defect
    }

    /// The body as text in the charset that the part names, else in UTF-8 or windows-1252.
    public func decodedText() -> DecodedText {
        let encoding = bodyEncoding
        let charset = charset
        if encoding == .identity {
            let text = message.octets.withBytes(bodyRange) { Charset.decode($0, label: charset) }
            return DecodedText(text: text.text, defects: [text.defect].compactMap { $0 })
        }
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

    private var bodyEncoding: TransferEncoding { isMultipart || isMessage ? .identity : transferEncoding }
}
