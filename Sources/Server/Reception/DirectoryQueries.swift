import MailCore
import MailDirectory
import SMTPCore

/// Answers VRFY and EXPN for those who may ask (RFC 5321 §3.5).
struct DirectoryQueries {
    let directory: AddressDirectory

    func verify(_ query: AddressQuery) -> SMTPServerVerdict {
        switch directory.verify(query.text) {
        case .known(let address): reply(250, .init(.success, 1, 5), [address], query)
        case .alias(let address, let targets):
            targets.count == 1 && !directory.isLocalAddress(targets[0])
                ? .accept(.willForward(to: targets[0])) : reply(250, .init(.success, 1, 5), [address], query)
        case .moved(_, let new): .refuse(.moved(to: new))
        case .wouldBeTried, .notLocal: .accept(.wouldBeTried)
        case .ambiguous(let candidates): reply(553, .init(.permanentFailure, 1, 4), candidates, query)
        case .unknown: .refuse(.noSuchUser)
        case .malformed(let error): .refuse(.malformedAddress(error))
        }
    }

    func expand(_ query: AddressQuery) -> SMTPServerVerdict {
        switch directory.verifyList(query.text) {
        case .members(_, let members) where members.isEmpty: .accept(.emptyList)
        case .members(_, let members): reply(250, .init(.success, 1, 5), members, query)
        case .ambiguous(let lists): reply(553, .init(.permanentFailure, 1, 4), lists, query)
        case .unknown: .refuse(.noSuchList)
        case .malformed(let error): .refuse(.malformedAddress(error))
        }
    }

    /// Addresses one a line; beyond ASCII only to a peer that said it can read them (RFC 6531 §3.7.4.2).
    private func reply(
        _ code: Int, _ status: EnhancedStatusCode, _ addresses: [EmailAddress], _ query: AddressQuery
    ) -> SMTPServerVerdict {
        guard query.smtputf8 || addresses.allSatisfy(\.isASCII) else { return .refuse(.answerNeedsUTF8) }
        let reply = SMTPReply(code, status, lines: addresses.map { "<\($0)>" })
        return code == 250 ? .accept(reply) : .refuse(reply)
    }
}

extension AddressDirectory {
    fileprivate func isLocalAddress(_ address: EmailAddress) -> Bool { address.domain.map(isLocal) ?? false }
}
