import Glibc
public import MilterCore
public import NIOCore
import NIOPosix

/// Connects with filters.
public struct MilterConnector: Sendable {
    private let group: any EventLoopGroup

    public init(group: any EventLoopGroup) {
        self.group = group
    }

    /// Connects, and agrees with the filter on the protocol.
    ///
    /// - Parameter largestBody: octets that a body may have which the filter puts in place of the message's own.
    public func connect(
        to address: MilterAddress, patience: MilterPatience, largestBody: UInt64
    ) async throws(MilterFailure) -> MilterConnection {
        let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(patience.connect))
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let machine = MilterMachine(largestBody: largestBody)
                    let handler = MilterHandler(machine, patience: patience, on: channel.eventLoop)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        do {
            let channel: any Channel
            switch address {
            case .tcp(let host, let port): channel = try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
            let handler = try await channel.pipeline.handler(type: MilterHandler.self).map {
                NIOLoopBound($0, eventLoop: channel.eventLoop)
            }.get()
            let connection = MilterConnection(channel: channel, handler: handler)
            try await connection.agree()
            return connection
        } catch let failure as MilterFailure {
            throw failure
        } catch {
            throw .unreachable(Self.reason(of: error))
        }
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "the name cannot be resolved"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout: "no answer in time"
        default: "\(error)"
        }
    }
}
