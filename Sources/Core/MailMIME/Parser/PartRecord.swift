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
    /// The places of the parts inside, which lead from one to the next, so that a record is nothing but numbers.
    var firstChild: Int?
    var lastChild: Int?
    var nextSibling: Int?
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

    /// Notes the place of a field that tells of the body; of several with one name the first counts.
    ///
    /// - Parameter index: the field's place in the list of all fields.
    mutating func keepPlace(of field: FieldRecord, at index: Int, in bytes: UnsafeRawBufferPointer) {
        switch field.name.count {
        case 12 where field.isNamed("content-type", in: bytes): contentType = contentType ?? index
        case 19 where field.isNamed("content-disposition", in: bytes): disposition = disposition ?? index
        case 25 where field.isNamed("content-transfer-encoding", in: bytes):
            transferEncoding = transferEncoding ?? index
        default: return
        }
    }
}

/// Where a header field lies.
struct FieldRecord: Sendable {
    var name: Range<Int>
    /// What follows the colon, line ends and all.
    var value: Range<Int>
}
