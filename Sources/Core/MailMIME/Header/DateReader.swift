import MailCore

/// Reads a date by what its words look like rather than by where they stand.
struct DateReader {
    private var cursor: HeaderCursor
    private var numbers: [(value: Int, digits: Int)] = []
    private var month: Int?
    private var time: (hour: Int, minute: Int, second: Int)?
    private var zone: Int?
    private var isAfternoon: Bool?

    private init(_ fieldValue: [UInt8]) {
        // In a trace field the date stands behind the last semicolon (RFC 5321 §4.4).
        let bounds = HeaderText.bounds(of: fieldValue)
        let start = fieldValue[bounds].lastIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? bounds.lowerBound
        cursor = HeaderCursor(fieldValue, start..<bounds.upperBound)
    }

    static func date(in fieldValue: [UInt8]) -> MailDate? {
        var reader = DateReader(fieldValue)
        return reader.date()
    }

    private mutating func date() -> MailDate? {
        // No date has more words.
        for _ in 0..<16 {
            cursor.skipCFWS()
            while cursor.take(UInt8(ascii: ",")) { cursor.skipCFWS() }
            guard !cursor.isAtEnd else { break }
            let word = cursor.take { !$0.isBlankOrLineEnd && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "(") }
            guard take(word) else { return nil }
        }
        return assembled()
    }

    /// False for a word that no date has.
    private mutating func take(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first, word.count <= 40 else { return false }
        if time != nil, first == plus || first == hyphen {
            if zone == nil { zone = Self.offset(word) }
            return true
        }
        if word.contains(ASCII.colon) { return time != nil || takeTime(word) }
        if word.contains(hyphen), time == nil {
            return word.split(separator: hyphen).allSatisfy { takePlain($0) }
        }
        return takePlain(word)
    }

    private mutating func takePlain(_ word: ArraySlice<UInt8>) -> Bool {
        guard let first = word.first else { return true }
        if first.isASCIIDigit {
            guard let number = Int(String(utf8: word.filter { $0 != ASCII.dot })), word.count <= 5 else { return false }
            if numbers.count < 3 { numbers.append((number, word.count)) }
            return true
        }
        let name = String(utf8: word.map(\.asciiLowercased).filter { $0 != ASCII.dot })
        if month == nil, let found = Self.month(name) {
            month = found
        } else if time != nil, name == "am" || name == "pm" {
            isAfternoon = name == "pm"
        } else if time != nil {
            if zone == nil { zone = Self.zone(name) }
        } else {
            return Self.weekdays.contains(String(name.prefix(3)))
        }
        return true
    }

    private mutating func takeTime(_ word: ArraySlice<UInt8>) -> Bool {
        var digits = word
        if let mark = word.firstIndex(where: { $0 == plus || $0 == hyphen }) {
            zone = Self.offset(word[mark...])
            digits = word[..<mark]
        }
        let parts = digits.split(separator: ASCII.colon, omittingEmptySubsequences: false).map {
            Int(String(utf8: $0.prefix { $0 != ASCII.dot }))
        }
        guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1] else { return false }
        guard let second = parts.count == 3 ? parts[2] : 0 else { return false }
        time = (hour, minute, second)
        return true
    }

    private func assembled() -> MailDate? {
        guard var time, var day = numbers.first?.value else { return nil }
        var year: (value: Int, digits: Int)
        let month: Int
        if let named = self.month {
            guard numbers.count >= 2 else { return nil }
            (month, year) = (named, numbers[1])
        } else {
            guard numbers.count == 3 else { return nil }
            (month, year) = (numbers[1].value, numbers[2])
        }
        if numbers[0].digits == 4 { (day, year) = (year.value, numbers[0]) }
        if year.digits == 2 { year.value += year.value < 50 ? 2_000 : 1_900 }
        if year.digits == 3 { year.value += 1_900 }
        if let isAfternoon, time.hour <= 12 { time.hour = time.hour % 12 + (isAfternoon ? 12 : 0) }
        return MailDate(year: year.value, month: month, day: day, time: time, zone: zone ?? 0)
    }

    // MARK: Words

    private static func month(_ name: String) -> Int? {
        for (index, month) in months.enumerated() where name == month || name == month.prefix(3) { return index + 1 }
        return name == "sept" ? 9 : nil
    }

    /// `+hhmm`, and `+hh:mm`; nil for an offset that is none.
    private static func offset(_ word: ArraySlice<UInt8>) -> Int? {
        let digits = word.dropFirst().filter { $0 != ASCII.colon }
        guard (1...4).contains(digits.count), digits.allSatisfy(\.isASCIIDigit), let value = Int(String(utf8: digits))
        else { return nil }
        let minutes = digits.count <= 2 ? value * 60 : value / 100 * 60 + value % 100
        guard minutes < 24 * 60, digits.count <= 2 || value % 100 < 60 else { return nil }
        return word.first == hyphen ? -minutes : minutes
    }

    /// The names of RFC 5322 §4.3; any other name says nothing.
    private static func zone(_ name: String) -> Int {
        if let hours = zones[name] ?? zones[String(name.prefix(3))] { return hours * 60 }
        if let mark = name.utf8.firstIndex(where: { $0 == plus || $0 == hyphen }) {
            return offset(Array(name.utf8[mark...])[...]) ?? 0
        }
        return 0
    }

    private static let zones = ["est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7]
    private static let weekdays: Set = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
}

private let plus = UInt8(ascii: "+")
private let hyphen = UInt8(ascii: "-")
