import Delivery
import MailCore
import MailDirectory
import MailSpool
import QueueCore
import Reception
import SMTPCore
import SMTPServer

/// What each part of the server is told of the configuration.
extension ServerConfiguration {
    package var spoolFolder: String { "\(data)/queue" }

    var spoolSettings: SpoolSettings {
        var settings = SpoolSettings()
        settings.diskReserve = UInt64(2 * limits.messageSize.bytes + limits.diskReserve.bytes)
        return settings
    }

    var connectionLimits: ConnectionLimits {
        ConnectionLimits(
            total: limits.connections, perAddress: limits.connectionsPerAddress,
            perNetwork: limits.connectionsPerNetwork)
    }

    var receptionSettings: ReceptionSettings {
        var settings = ReceptionSettings(
            hostname: hostname.description, directory: makeDirectory(), trustedNetworks: relay.from,
            foreignMail: { domain in
                switch route(for: domain) {
                case .error(let status, let text): .refuse(status, text: text)
                case .mx where dns.checkRecipients: .takeIfInDNS
                case .mx, .next, .hold, .discard: .take
                }
            },
            unknownRecipients: limits.unknownRecipients)
        settings.commands = commands.policy
        settings.filters = filters.map(\.settings)
        settings.largestMessage = UInt64(limits.messageSize.bytes)
        return settings
    }

    var deliverySettings: DeliverySettings {
        DeliverySettings(
            directory: makeDirectory(),
            domainRoute: { route(for: $0) },
            retries: RetryPolicy(
                firstPause: retry.first, longestPause: retry.longest, lifetime: retry.lifetime,
                reportDelayAfter: retry.reportDelayAfter))
    }

    var schedulingPolicy: SchedulingPolicy {
        var policy = SchedulingPolicy()
        policy.running = limits.deliveries
        policy.largestWindow = limits.deliveriesPerDestination
        policy.firstWindow = min(policy.firstWindow, policy.largestWindow)
        return policy
    }

    func listenerConfiguration(_ listener: ListenerConfiguration) -> SMTPListenerConfiguration {
        var machine = SMTPServerConfiguration(
            hostname: hostname.description, kind: listener.dialect == .lmtp ? .lmtp : .smtp, limits: machineLimits)
        machine.isOnDemandRelay = listener.dialect == .odmr
        machine.mechanisms = listener.auth == .off ? [] : auth.mechanisms.map(\.rawValue)
        machine.authenticatesInClear = listener.auth == .clear
        machine.requiresAuthentication = listener.role == .submission
        machine.defaultDomain = listener.defaultDomain
        machine.bareLineFeeds = listener.bareLineFeed == .convert ? .convert : .refuse
        machine.offersBinary = true
        machine.refusesEarlyTalkers = listener.earlyTalkers == .refuse
        let encryption: SMTPListenerConfiguration.Encryption =
            switch listener.tls {
            case nil, .off: .off
            case .starttls: .startTLS
            case .implicit: .implicit
            }
        var configuration = SMTPListenerConfiguration(
            name: listener.name, endpoint: .ip(listener.address.host, port: Int(listener.address.port)),
            machine: machine, patience: patience, greetingDelay: listener.greetingDelay, encryption: encryption)
        configuration.proxies = listener.proxies
        return configuration
    }

    private var machineLimits: SMTPServerLimits {
        SMTPServerLimits(
            content: ContentLimits(
                size: UInt64(limits.messageSize.bytes), headerSize: limits.headerSize.bytes,
                headerFields: limits.headerFields, receivedHops: limits.receivedHops),
            commandLine: limits.lineLength.bytes, recipients: limits.recipients, errors: limits.errors,
            idleCommands: limits.commandsWithoutMessage)
    }

    private var patience: SMTPListenerConfiguration.Patience {
        SMTPListenerConfiguration.Patience(
            command: limits.commandTimeout, content: limits.dataTimeout, contentRate: limits.minimumRate.bytes,
            replies: limits.writeTimeout, session: limits.sessionTimeout)
    }
}
