import MailCore

extension AddressDirectory {
    /// Answers VRFY. The argument is an address or a name alone, with or without angle brackets; a name alone is looked
    /// for in every local domain, where a catch-all does not count.
    public func verify(_ argument: String) -> AddressVerification {
        do throws(AddressError) {
            let candidates = try candidates(for: argument)
            guard candidates.count <= 1 else { return .ambiguous(candidates) }
            return candidates.first.map(verify) ?? .unknown
        } catch {
            return .malformed(error)
        }
    }

    private func verify(_ address: EmailAddress) -> AddressVerification {
        switch lookup(address) {
        case .mailbox(let mailbox): .known(mailbox.address)
        case .list(let list): .known(list.address)
        case .alias(let targets, _): .alias(address, to: targets)
        case .catchAll: .wouldBeTried(address)
        case .moved(let new): .moved(address, to: new)
        case .unknownUser: .unknown
        case .notLocal: .notLocal(address)
        }
    }

    /// Answers EXPN. The argument is as for `verify`; only lists count.
    public func verifyList(_ argument: String) -> ListVerification {
        do throws(AddressError) {
            let lists = try candidates(for: argument).compactMap { address in
                if case .list(let list) = lookup(address) { list } else { nil }
            }
            guard lists.count <= 1 else { return .ambiguous(lists.map(\.address)) }
            return lists.first.map { .members(of: $0.address, $0.members) } ?? .unknown
        } catch {
            return .malformed(error)
        }
    }

    private func candidates(for argument: String) throws(AddressError) -> [EmailAddress] {
        var parser = MailboxParser(Array(Self.withoutBrackets(argument).utf8))
        let localPart = try parser.localPart()
        if parser.cursor.take(ASCII.at) {
            let host = try parser.host()
            guard parser.cursor.isAtEnd else { throw AddressError("there is something behind the address") }
            return [EmailAddress(localPart: localPart, host: host)]
        }
        guard parser.cursor.isAtEnd else { throw AddressError("there is something behind the name") }
        if localPart.folded == LocalPart.postmaster.text { return postmaster.map { [$0] } ?? [] }
        return domainNames.map { EmailAddress(localPart: localPart, host: .domain($0)) }.filter(isNamed)
    }

    private func isNamed(_ address: EmailAddress) -> Bool {
        switch lookup(address) {
        case .mailbox, .alias, .list, .moved: true
        case .catchAll, .unknownUser, .notLocal: false
        }
    }

    private static func withoutBrackets(_ argument: String) -> String {
        argument.hasPrefix("<") && argument.hasSuffix(">") ? String(argument.dropFirst().dropLast()) : argument
    }
}
