/// A table of the configuration file.
package protocol ConfigurationSection: Sendable {
    /// Every key the table can have, in the order of the reference.
    static var keys: [ConfigurationKey<Self>] { get }
    /// The section as it is with no key given.
    static var defaults: Self { get }
}

/// A table that stands once for each name: `[listener.NAME]`.
package protocol NamedConfigurationSection: ConfigurationSection {
    associatedtype Name: ConfigurationValue & Hashable

    /// The name in the reference, as TOML writes it.
    static var placeholder: String { get }

    var name: Name { get }

    init(name: Name)

    /// The key that a value means which stands in place of the table; nil if it must be a table.
    static var shortFormKey: String? { get }
}

extension NamedConfigurationSection {
    package static var shortFormKey: String? { nil }
}
