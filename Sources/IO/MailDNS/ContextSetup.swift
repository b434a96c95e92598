import CUnbound
import Glibc
import MailCore

/// Tells libunbound, before the first question, whom to ask and what to trust.
struct ContextSetup {
    let context: OpaquePointer

    func apply(_ settings: ResolverSettings) throws(ResolverError) {
        // Without a file nothing is printed to the standard error stream.
        try check(ub_ctx_debugout(context, nil))
        try check(ub_ctx_async(context, 1))
        // A server that did not answer for a while is still asked now and then, and forgiven within a minute.
        try set("infra-keep-probing:", "yes")
        try set("infra-host-ttl:", "60")
        switch settings.upstream {
        case .recursion: break
        case .system:
            try askElsewhere()
            try check(ub_ctx_resolvconf(context, nil), "/etc/resolv.conf")
        case .servers(let servers):
            try askElsewhere()
            for server in servers { try check(ub_ctx_set_fwd(context, server.forwardAddress), server.forwardAddress) }
        }
        for anchor in settings.trustAnchors {
            switch anchor {
            case .file(let path):
                // libunbound would not look at it before the first question.
                guard access(path, R_OK) == 0 else { throw ResolverError("\(path) cannot be read") }
                try check(ub_ctx_add_ta_file(context, path), path)
            case .record(let text): try check(ub_ctx_add_ta(context, text), text)
            }
        }
    }

    /// Lets the servers be on this machine, and know about private networks.
    private func askElsewhere() throws(ResolverError) {
        try set("do-not-query-localhost:", "no")
        try set("unblock-lan-zones:", "yes")
        try set("insecure-lan-zones:", "yes")
    }

    private func set(_ option: String, _ value: String) throws(ResolverError) {
        try check(ub_ctx_set_option(context, option, value), option)
    }

    private func check(_ code: Int32, _ subject: String? = nil) throws(ResolverError) {
        guard code != 0 else { return }
        throw ResolverError((subject.map { "\($0): " } ?? "") + DNSTrouble.unboundError(code).description)
    }
}
