package import QueueCore

/// What becomes of the mail of a domain's users.
package enum DomainDelivery: Hashable, Sendable, ConfigurationValue {
    /// Written into a Maildir for each.
    case maildir
    /// Handed on.
    case route(RouteAction)

    package static var typeName: String { "`maildir` or a route" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        if try Self.text(of: node) == "maildir" {
            self = .maildir
            return
        }
        let route: RouteAction
        do throws(ValueRefusal) {
            route = try RouteAction(node)
        } catch {
            throw ValueRefusal(
                error.problems.map {
                    .init(path: $0.path, message: $0.message.replacingPrefix("must be ", with: "must be \"maildir\", "))
                })
        }
        if case .error = route {
            throw ValueRefusal("must not be an error: a domain without users refuses its mail at once")
        }
        self = .route(route)
    }

    package var toml: String? {
        switch self {
        case .maildir: TOMLText.string("maildir")
        case .route(let action): action.toml
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
