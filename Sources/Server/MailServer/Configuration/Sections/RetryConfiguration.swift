/// When mail that could not be delivered is tried again.
package struct RetryConfiguration: ConfigurationSection {
    package var first = Duration.seconds(5 * 60)
    package var longest = Duration.seconds(4 * 3_600)
    package var lifetime = Duration.seconds(5 * 86_400)
    package var reportDelayAfter = Duration.seconds(4 * 3_600)

    package static var defaults: RetryConfiguration { RetryConfiguration() }

    package static let keys: [ConfigurationKey<RetryConfiguration>] = [
        .bounded(
            "first", \.first, in: .seconds(1) ... .seconds(86_400),
            "The pause after the first attempt. It doubles with each further one, and is drawn from 80 to 120 percent."),
        .bounded("longest", \.longest, in: .seconds(1) ... .seconds(7 * 86_400), "The longest pause."),
        .bounded(
            "lifetime", \.lifetime, in: .seconds(60) ... .seconds(365 * 86_400),
            "How long after its arrival a message is tried at all. RFC 5321 §4.5.4.1 asks for 4 to 5 days at least."),
        .bounded(
            "report_delay_after", \.reportDelayAfter, in: .seconds(60) ... .seconds(365 * 86_400),
            "How long after its arrival the sender of a message that still waits is told so; never, if this is not less "
                + "than `lifetime`."),
    ]
}
