/// The fields of a header in their order, where they lie: none of them is read before it is asked to.
public struct MessageFields: RandomAccessCollection, Sendable {
    private let message: ParsedMessage
    /// Their places in the list of all fields.
    private let places: Range<Int>

    init(message: ParsedMessage, places: Range<Int>) {
        (self.message, self.places) = (message, places)
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int { places.count }

    /// - Precondition: there is a field at the index, which counts from 0.
    public subscript(index: Int) -> MessageField {
        precondition(index >= 0 && index < places.count, "there is no such field")
        return MessageField(message: message, record: message.fields[places.lowerBound + index])
    }
}
