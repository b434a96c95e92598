import NIOCore
import PolicyService
import WebClient

extension PolicyConnector {
    /// One that asks over HTTP too.
    ///
    /// - Parameter trust: whom servers behind `https` are trusted by.
    init(group: any EventLoopGroup, trust: @escaping @Sendable () -> WebTrust) {
        let web = WebConnector(group: group, trust: trust)
        self.init(group: group) { address, body throws(PolicyFailure) in
            do throws(WebFailure) {
                return try await web.post(WebPost(type: "application/json", body: body), to: address)
            } catch {
                throw PolicyFailure(error)
            }
        }
    }
}

extension PolicyFailure {
    fileprivate init(_ failure: WebFailure) {
        self =
            switch failure {
            case .unreachable(let reason): .unreachable(reason)
            case .silent: .silent
            case .unreadable: .unreadable
            case .status(let status): .status(status)
            }
    }
}
