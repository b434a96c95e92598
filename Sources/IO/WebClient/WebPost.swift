/// What is sent by POST.
public struct WebPost: Sendable {
    /// Its media type, such as `application/json`.
    public let type: String
    public let body: [UInt8]
    /// The media type that is asked for.
    public let accepts: String
    /// The field `Authorization`; nil for none. It is never told in an error.
    public let authorization: String?

    public init(type: String, body: [UInt8], accepts: String = "application/json", authorization: String? = nil) {
        self.type = type
        self.body = body
        self.accepts = accepts
        self.authorization = authorization
    }
}
