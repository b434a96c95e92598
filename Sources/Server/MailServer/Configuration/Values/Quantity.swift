import MailCore

/// A whole number with a unit, such as `50 MiB` or `5 min`.
enum Quantity {
    struct Unit: Sendable {
        let name: String
        let size: Int
    }

    /// - Returns: nil if there is no number, the unit is not one of `units`, or the product is too large.
    static func value(of text: String, in units: [Unit]) -> Int? {
        let digits = text.utf8.prefix(while: \.isASCIIDigit)
        let name = text.utf8.dropFirst(digits.count).drop { $0 == ASCII.space }
        guard let number = Int(String(utf8: digits)), let unit = units.first(where: { $0.name == String(utf8: name) })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.size)
        return overflow ? nil : product
    }

    /// - Parameter units: from the largest to the smallest, which is 1.
    static func text(of value: Int, in units: [Unit]) -> String {
        let unit = units.first { value != 0 && value.isMultiple(of: $0.size) } ?? units[units.count - 1]
        return "\(value / unit.size) \(unit.name)"
    }
}
