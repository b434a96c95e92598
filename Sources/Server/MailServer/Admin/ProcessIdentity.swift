import Glibc

/// Lets root act as the owner of a spool, so that no file in it ends up belonging to root.
struct ProcessIdentity {
    private let isChanged: Bool

    /// Becomes `owner`, if this process is root and the owner is not.
    static func become(_ owner: (userID: UInt32, groupID: UInt32)) -> ProcessIdentity {
        guard geteuid() == 0, owner.userID != 0 else { return ProcessIdentity(isChanged: false) }
        let isChanged = setegid(owner.groupID) == 0 && seteuid(owner.userID) == 0
        return ProcessIdentity(isChanged: isChanged)
    }

    func restore() {
        guard isChanged else { return }
        seteuid(0)
        setegid(0)
    }
}
