package import MailCore

/// The certificate for clients that ask for one name.
package struct CertificateConfiguration: NamedConfigurationSection {
    package let name: Domain
    package var certificate: FilePath?
    package var key: FilePath?

    package init(name: Domain) {
        self.name = name
    }

    package static let placeholder = "\"mail.example.org\""
    package static var defaults: CertificateConfiguration { CertificateConfiguration(name: .example) }

    package static let keys: [ConfigurationKey<CertificateConfiguration>] = [
        .value("certificate", \.certificate, required: true, "As in `[tls]`; it must be for this name."),
        .value("key", \.key, defaultText: "in the file of the certificate", "As in `[tls]`."),
    ]
}
