/// What a filter may do to a message: SMFIF of libmilter.
public struct MilterActions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let addFields = MilterActions(rawValue: 0x01)
    public static let replaceBody = MilterActions(rawValue: 0x02)
    public static let addRecipients = MilterActions(rawValue: 0x04)
    public static let deleteRecipients = MilterActions(rawValue: 0x08)
    public static let changeFields = MilterActions(rawValue: 0x10)
    public static let quarantine = MilterActions(rawValue: 0x20)
    public static let changeSender = MilterActions(rawValue: 0x40)
    public static let addRecipientsWithParameters = MilterActions(rawValue: 0x80)
    /// Say which macros it wants.
    public static let chooseMacros = MilterActions(rawValue: 0x100)

    /// All that protocol 6 knows.
    public static let all = MilterActions(rawValue: 0x1FF)
}
