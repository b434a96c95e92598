import Logging
import MailCore
import NIOCore
import SMTPServer
import ServiceLifecycle

/// Takes connections until the server stops; transactions under way may finish.
struct ListenerService: Service {
    let listeners: [SMTPListener]
    /// What the service manager has bound for them.
    let sockets: InheritedSockets
    /// How long transactions may take when the server stops.
    let grace: Duration
    let log: EventLog
    let notifier: ServiceNotifier

    /// - Throws: `ListenerError` if an address cannot be listened on.
    func run() async throws {
        for place in sockets.closeUnused(by: listeners.map(\.configuration.endpoint)) {
            let text = "the service manager passed a socket for which there is no listener"
            let fields: [LogEvent.Field] = [("address", .text(place)), ("text", .text(text))]
            log.write(LogEvent("socket-unused", .warning, at: SystemClock.now(), fields))
        }
        var places: [LogEvent.Field] = []
        for listener in listeners {
            places.append((listener.configuration.name, .text(try await bind(listener).description)))
        }
        log.write(LogEvent("ready", .notice, at: SystemClock.now(), places))
        notifier.ready()
        try await gracefulShutdown()
        notifier.stopping()
        let connections = listeners.reduce(0) { $0 + $1.connectionCount }
        log.write(LogEvent("stopping", .notice, at: SystemClock.now(), [("connections", .number(Int64(connections)))]))
        await withTaskGroup { group in
            for listener in listeners { group.addTask { await listener.shutDown(grace: grace) } }
        }
    }

    private func bind(_ listener: SMTPListener) async throws -> SMTPListenerConfiguration.Endpoint {
        do {
            return try await listener.bind(inheriting: sockets.descriptor(at: listener.configuration.endpoint))
        } catch {
            throw ListenerError(
                listener: listener.configuration, reason: "\((error as? IOError)?.reasonText ?? "\(error)")")
        }
    }
}

/// An address that cannot be listened on.
package struct ListenerError: Error, CustomStringConvertible {
    package let description: String

    init(listener: SMTPListenerConfiguration, reason: String) {
        description = "[listener.\(listener.name)] cannot listen on \(listener.endpoint): \(reason)"
    }
}

extension IOError {
    fileprivate var reasonText: String {
        switch errnoCode {
        case 98: "another program listens there already"
        case 99: "this machine does not have that address"
        case 13: "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE)"
        default: description
        }
    }
}
