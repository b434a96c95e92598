import Glibc
import MailCore
import SendmailCore

/// Who calls: the user of the process, whatever variables say.
enum LocalUser {
    static var current: LocalSender {
        let id = getuid()
        guard let entry = getpwuid(id) else { return LocalSender(login: "uid\(id)", gecos: "") }
        let gecos = entry.pointee.pw_gecos.map { String(cString: $0) } ?? ""
        return LocalSender(login: String(cString: entry.pointee.pw_name), gecos: gecos)
    }
}

/// The time, and names made of it.
enum Clock {
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// A Message-ID that nobody else gives (RFC 5322 §3.6.4).
    static func messageID(at host: Domain) -> String {
        let chance = UInt64.random(in: .min ... .max)
        return "<\(String(now.microseconds, radix: 36)).\(String(chance, radix: 36))@\(host)>"
    }
}
