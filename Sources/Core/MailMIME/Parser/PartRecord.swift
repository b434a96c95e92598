/// What the scanner keeps of one part: where it lies. Everything else is read when it is asked for.
struct PartRecord: Sendable {
    /// What a part without a Content-Type is (RFC 2046 §5.1.5).
    var isMessageByDefault = false
    var isDigest = false
    /// The fields' places in the list of all fields.
    var fields: Range<Int>
    /// The header with the empty line behind it.
    var header: Range<Int>
    /// The body as it lies in the message, without the line end that belongs to a boundary.
    var body: Range<Int>
    var children: [Int] = []
    /// The places of the first fields of these names in the list of all fields.
    var contentType: Int?
    var transferEncoding: Int?
    var disposition: Int?
    var composition = Composition.none

    enum Composition: Sendable {
        case none
        case multipart
        case message
    }
}

/// Where a header field lies.
struct FieldRecord: Sendable {
    var name: Range<Int>
    /// What follows the colon, line ends and all.
    var value: Range<Int>
}
