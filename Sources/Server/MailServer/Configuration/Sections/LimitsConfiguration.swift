/// Bounds for everything that a peer controls.
package struct LimitsConfiguration: ConfigurationSection {
    package var messageSize = ByteCount.mebibytes(50)
    package var recipients = 1_000
    package var connections = 1_000
    package var connectionsPerAddress = 50
    package var connectionsPerNetwork = 200
    package var commandsWithoutMessage = 100
    package var errors = 20
    package var unknownRecipients = 10
    package var lineLength = ByteCount(2_048)
    package var headerSize = ByteCount.kibibytes(256)
    package var headerFields = 2_000
    package var receivedHops = 100
    package var commandTimeout = Duration.seconds(300)
    package var dataTimeout = Duration.seconds(300)
    package var writeTimeout = Duration.seconds(60)
    package var sessionTimeout = Duration.seconds(86_400)
    package var minimumRate = ByteCount(500)
    package var deliveries = 200
    package var deliveriesPerDestination = 20
    package var diskReserve = ByteCount.mebibytes(64)
    package var drainTimeout = Duration.seconds(30)

    package static var defaults: LimitsConfiguration { LimitsConfiguration() }

    package static let keys = messageKeys + connectionKeys + sessionKeys + deliveryKeys + timeKeys

    private static let messageKeys: [ConfigurationKey<LimitsConfiguration>] = [
        .bounded(
            "message_size", \.messageSize, in: .kibibytes(64) ... .gibibytes(1_024),
            "The largest message: announced as SIZE (RFC 1870), refused with 552 beyond."),
        .bounded(
            "recipients", \.recipients, in: 100...100_000,
            "The recipients of one message; 452 beyond. RFC 5321 §4.5.3.1.8 asks for 100 at least."),
        .bounded(
            "header_size", \.headerSize, in: .kibibytes(16) ... .mebibytes(64),
            "The largest header of a message; 552 beyond."),
        .bounded("header_fields", \.headerFields, in: 100...1_000_000, "The fields of a header; 552 beyond."),
        .bounded(
            "received_hops", \.receivedHops, in: 1...1_000,
            "The Received fields that make a message a loop; 554 beyond. RFC 5321 §6.3 asks for 100 at least."),
        .bounded(
            "disk_reserve", \.diskReserve, in: ByteCount(0) ... .gibibytes(1_024),
            "The free space that is left over besides that for two of the largest messages; 452 below."),
    ]

    private static let connectionKeys: [ConfigurationKey<LimitsConfiguration>] = [
        .bounded("connections", \.connections, in: 1...1_000_000, "The open connections in all; 421 beyond."),
        .bounded(
            "connections_per_address", \.connectionsPerAddress, in: 1...1_000_000,
            "The open connections from one address; 421 beyond."),
        .bounded(
            "connections_per_network", \.connectionsPerNetwork, in: 1...1_000_000,
            "The open connections from one network, /24 for IPv4 and /64 for IPv6; 421 beyond."),
    ]

    private static let sessionKeys: [ConfigurationKey<LimitsConfiguration>] = [
        .bounded(
            "commands_without_message", \.commandsWithoutMessage, in: 10...1_000_000,
            "The commands after which a client must have sent a message; 421 beyond."),
        .bounded("errors", \.errors, in: 1...1_000_000, "The refused commands of a session; 421 beyond."),
        .bounded(
            "unknown_recipients", \.unknownRecipients, in: 1...1_000_000,
            "The unknown recipients that a stranger may name in a session; 421 beyond."),
        .bounded(
            "line_length", \.lineLength, in: ByteCount(512) ... .kibibytes(64),
            "The longest command line, line end included; 500 beyond. RFC 5321 §4.5.3.1.4 asks for 512 at least."),
    ]

    private static let deliveryKeys: [ConfigurationKey<LimitsConfiguration>] = [
        .bounded(
            "deliveries", \.deliveries, in: 1...10_000,
            "The attempts at delivery to other systems and programs that are under way at once."),
        .bounded(
            "deliveries_per_destination", \.deliveriesPerDestination, in: 1...1_000,
            "Connections at once to one destination that takes all it gets; each begins with 5."),
    ]

    private static let timeKeys: [ConfigurationKey<LimitsConfiguration>] = [
        .bounded(
            "command_timeout", \.commandTimeout, in: .seconds(1) ... .seconds(86_400),
            "How long the next command may take; 421 beyond."),
        .bounded(
            "data_timeout", \.dataTimeout, in: .seconds(1) ... .seconds(86_400),
            "How long the next piece of a message may take; 421 beyond."),
        .bounded(
            "minimum_rate", \.minimumRate, in: ByteCount(0) ... .mebibytes(1),
            "The octets in a second that a message must come with on average; 421 below. 0 switches it off."),
        .bounded(
            "write_timeout", \.writeTimeout, in: .seconds(1) ... .seconds(86_400),
            "How long a client may leave an answer unread before the connection is closed."),
        .bounded(
            "session_timeout", \.sessionTimeout, in: .seconds(60) ... .seconds(30 * 86_400),
            "How long a session may be in all; 421 beyond, between two transactions."),
        .bounded(
            "drain_timeout", \.drainTimeout, in: .zero ... .seconds(3_600),
            "How long transactions and deliveries under way may go on when the server stops."),
    ]
}
