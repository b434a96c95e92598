/// One key of a section: how it is read, how it is shown and what the reference says about it. What is not described
/// here cannot be parsed.
package struct ConfigurationKey<Section: ConfigurationSection>: Sendable {
    let name: String
    let isRequired: Bool
    /// One or two sentences.
    let summary: String
    let documentation: KeyDocumentation
    let read: @Sendable (TOMLNode, [String], inout ConfigurationReader, inout Section) -> Void
    let write: @Sendable (Section, [String], inout ConfigurationListing) -> Void
}

/// What the reference prints about a key besides its summary.
enum KeyDocumentation: Sendable {
    case value(type: String, default: @Sendable () -> String)
    /// A table; the heading's path below the one it stands in, and the tables it documents.
    case section(placeholder: String?, rows: @Sendable () -> [ReferenceRow])
}

/// One line of a table in the reference.
struct ReferenceRow: Sendable {
    let key: String
    let type: String
    let `default`: String
    let summary: String
}

extension ConfigurationKey {
    /// A key with a value.
    ///
    /// - Parameter defaultText: what the reference says where the default depends on the machine or on other keys.
    static func value<Value: ConfigurationValue>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, Value> & Sendable, required: Bool = false,
        defaultText: String? = nil, _ summary: String
    ) -> Self {
        checked(name, keyPath, required: required, defaultText: defaultText, summary) { _ in nil }
    }

    /// A key with a value that has bounds.
    static func bounded<Value: ConfigurationValue & Comparable>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, Value> & Sendable, in range: ClosedRange<Value>,
        _ summary: String
    ) -> Self {
        checked(name, keyPath, required: false, defaultText: nil, summary) { value in
            guard !range.contains(value), let lower = range.lowerBound.toml, let upper = range.upperBound.toml else {
                return nil
            }
            return "must be from \(lower) to \(upper)"
        }
    }

    /// A key with a list that names something.
    ///
    /// - Parameter hint: what to do where it is empty.
    static func list<Element: ConfigurationValue>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, [Element]> & Sendable, required: Bool = false,
        defaultText: String? = nil, ifEmpty hint: String, _ summary: String
    ) -> Self {
        let key = checked(name, keyPath, required: required, defaultText: defaultText, summary) { list in
            list.isEmpty ? "must not be empty: \(hint)" : nil
        }
        return Self(
            name: name, isRequired: required, summary: summary, documentation: key.documentation, read: key.read,
            write: { section, path, listing in
                if !section[keyPath: keyPath].isEmpty { key.write(section, path, &listing) }
            })
    }

    private static func checked<Value: ConfigurationValue>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, Value> & Sendable, required: Bool, defaultText: String?,
        _ summary: String, check: @escaping @Sendable (Value) -> String?
    ) -> Self {
        let shownDefault: @Sendable () -> String = {
            if required { return "required" }
            return defaultText ?? Section.defaults[keyPath: keyPath].toml.map { "`\($0)`" } ?? "none"
        }
        return Self(
            name: name, isRequired: required, summary: summary,
            documentation: .value(type: Value.typeName, default: shownDefault),
            read: { node, path, reader, section in
                do throws(ValueRefusal) {
                    let value = try Value(node)
                    if let problem = check(value) { throw ValueRefusal(problem) }
                    section[keyPath: keyPath] = value
                } catch {
                    reader.refuse(error, at: path)
                }
            },
            write: { section, path, listing in
                if let toml = section[keyPath: keyPath].toml { listing.append(toml, at: path) }
            })
    }

    /// A table that stands once.
    static func section<Inner: ConfigurationSection>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, Inner> & Sendable, _ summary: String
    ) -> Self {
        Self(
            name: name, isRequired: false, summary: summary,
            documentation: .section(placeholder: nil, rows: { ConfigurationReference.rows(of: Inner.self) }),
            read: { node, path, reader, section in
                reader.read(node, at: path, into: &section[keyPath: keyPath])
            },
            write: { section, path, listing in
                listing.append(section[keyPath: keyPath], at: path)
            })
    }

    /// A table that stands once for each name. The sections keep the order of the file.
    static func sections<Inner: NamedConfigurationSection>(
        _ name: String, _ keyPath: any WritableKeyPath<Section, [Inner]> & Sendable, _ summary: String
    ) -> Self {
        Self(
            name: name, isRequired: false, summary: summary,
            documentation: .section(
                placeholder: Inner.placeholder, rows: { ConfigurationReference.rows(of: Inner.self) }),
            read: { node, path, reader, section in
                section[keyPath: keyPath] = reader.readNamed(node, at: path)
            },
            write: { section, path, listing in
                for inner in section[keyPath: keyPath] {
                    listing.append(inner, at: path + [ConfigurationReader.keyText(of: inner.name)])
                }
            })
    }
}
