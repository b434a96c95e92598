package import MailCore
package import PolicyService

/// What strangers must pass who name a recipient here. All of it is off unless it is asked for.
package struct PolicyConfiguration: ConfigurationSection {
    package var greylisting = false
    package var greylistingPause = Duration.seconds(300)
    package var blocklists: [Domain] = []
    package var program: PolicyAddress?
    package var programUsers = false

    package static var defaults: PolicyConfiguration { PolicyConfiguration() }

    package static let keys: [ConfigurationKey<PolicyConfiguration>] = [
        .value(
            "greylisting", \.greylisting,
            "Whether a client is put off (450 4.7.1) that comes for the first time with this sender and recipient. Who "
                + "has been here stands in the file `greylist` of the `data` folder, which is written each minute and "
                + "at the end, so that a restart puts nobody off anew."),
        .bounded(
            "greylisting_pause", \.greylistingPause, in: .seconds(1) ... .seconds(86_400),
            "How long it must wait before it comes again."),
        .value(
            "blocklists", \.blocklists,
            "DNS block lists (RFC 5782), such as `zen.spamhaus.org`: a client that one names is refused (554 5.7.1). "
                + "Trouble with DNS refuses nobody."),
        .value(
            "program", \.program,
            "A program that decides by Postfix's policy protocol: `unix:/path` or `127.0.0.1:10023`, also "
                + "with `inet:` in front; or `http://127.0.0.1:8080/path`, where it gets the attributes by POST as one "
                + "object of JSON, and answers with one, such as `{\"action\": \"REJECT No lists\"}`, or with "
                + "`action=REJECT No lists`. While it does not answer, clients hear 451 4.3.5, and the log says why "
                + "(`policy-failed`)."),
        .value(
            "program_users", \.programUsers,
            "Whether that program is asked about those who have logged in, too, by `sasl_username` and `sasl_method`."),
    ]
}
