import Foundation
import WebCore

/// A value of JSON as Foundation reads it.
struct AnyJSON: Decodable {
    let value: JSONValue

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            value = .null
        } else if let bool = try? single.decode(Bool.self) {
            value = .bool(bool)
        } else if let number = try? single.decode(Double.self) {
            value = .number(number)
        } else if let string = try? single.decode(String.self) {
            value = .string(string)
        } else if let values = try? single.decode([AnyJSON].self) {
            value = .array(values.map(\.value))
        } else {
            value = .object(try single.decode([String: AnyJSON].self).mapValues(\.value))
        }
    }
}
