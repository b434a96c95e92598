/// Where mail for domains that are not local goes.
package struct RouteConfiguration: NamedConfigurationSection {
    package let name: RouteName
    package var action = RouteAction.hold

    package init(name: RouteName) {
        self.name = name
    }

    package static let placeholder = "DOMAIN"
    package static var defaults: RouteConfiguration { RouteConfiguration(name: .default) }

    package static let keys: [ConfigurationKey<RouteConfiguration>] = [
        .value(
            "to", \.action, required: true,
            "`hold` keeps the mail in the queue, `discard` throws it away, `error:5.1.1 text` gives it up with this "
                + "status and text.")
    ]
}
