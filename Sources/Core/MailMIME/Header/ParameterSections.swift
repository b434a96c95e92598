import MailCore

/// Joins parameters that come in sections, and reads their charsets and percent signs (RFC 2231 §3, §4).
enum ParameterSections {
    private struct Section {
        let number: Int
        let isExtended: Bool
        let value: [UInt8]
    }

    static func join(_ raw: [RawParameter]) -> [ParameterizedValue.Parameter] {
        var names: [[UInt8]] = []
        var sections: [[UInt8]: [Section]] = [:]
        for parameter in raw {
            let (name, section) = split(parameter)
            guard !name.isEmpty else { continue }
            if sections[name] == nil { names.append(name) }
            sections[name, default: []].append(section)
        }
        return names.map { parameter(name: $0, sections[$0] ?? []) }
    }

    /// `name`, `name*`, `name*N` or `name*N*`.
    private static func split(_ parameter: RawParameter) -> (name: [UInt8], Section) {
        var name = parameter.name[...]
        let isExtended = name.last == star
        if isExtended { name = name.dropLast() }
        var number: Int?
        if let mark = name.lastIndex(of: star), let value = Int(String(utf8: name[(mark + 1)...])), value >= 0,
            name.endIndex - mark <= 6
        {
            number = value
            name = name[..<mark]
        }
        let bare = Array(name)
        return (bare, Section(number: number ?? -1, isExtended: isExtended, value: parameter.value))
    }

    private static func parameter(name: [UInt8], _ all: [Section]) -> ParameterizedValue.Parameter {
        let name = String(utf8: name)
        // Whole values: the extended one is there for those who can read it (RFC 2231 §4, RFC 6266 §4.3).
        if let whole = all.first(where: { $0.number < 0 && $0.isExtended }) ?? all.first(where: { $0.number < 0 }) {
            return joined(name, [whole])
        }
        return joined(name, all.enumerated().sorted { ($0.1.number, $0.0) < ($1.1.number, $1.0) }.map(\.1))
    }

    private static func joined(_ name: String, _ sections: [Section]) -> ParameterizedValue.Parameter {
        var charset: [UInt8]?
        var language: String?
        var bytes: [UInt8] = []
        for section in sections {
            var value = section.value[...]
            guard section.isExtended else {
                bytes += value
                continue
            }
            if let known = charset {
                if !known.isEmpty, value.starts(with: known + [apostrophe]) { value = value.dropFirst(known.count + 1) }
            } else if let first = value.firstIndex(of: apostrophe),
                let second = value[(first + 1)...].firstIndex(of: apostrophe)
            {
                charset = Array(value[..<first])
                if second > first + 1 { language = String(utf8: value[(first + 1)..<second]) }
                value = value[(second + 1)...]
            }
            bytes += percentDecoded(value)
        }
        let text = charset.map { Charset.decode(bytes, label: String(utf8: $0)).text } ?? String(utf8: bytes)
        return .init(name: name, value: text, language: language)
    }

    private static func percentDecoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex, let high = text[index + 1].hexadecimalValue,
                let low = text[index + 2].hexadecimalValue
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(text[index])
                index += 1
            }
        }
        return output
    }
}

private let star = UInt8(ascii: "*")
private let apostrophe = UInt8(ascii: "'")
