/// What a filter leaves out of the dialogue: SMFIP of libmilter.
public struct MilterSteps: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// It is not told of these.
    public static let noConnect = MilterSteps(rawValue: 0x01)
    public static let noHello = MilterSteps(rawValue: 0x02)
    public static let noMail = MilterSteps(rawValue: 0x04)
    public static let noRecipient = MilterSteps(rawValue: 0x08)
    public static let noBody = MilterSteps(rawValue: 0x10)
    public static let noFields = MilterSteps(rawValue: 0x20)
    public static let noEndOfHeader = MilterSteps(rawValue: 0x40)
    public static let noUnknown = MilterSteps(rawValue: 0x100)
    public static let noData = MilterSteps(rawValue: 0x200)

    /// It answers these with nothing.
    public static let silentField = MilterSteps(rawValue: 0x80)
    public static let silentConnect = MilterSteps(rawValue: 0x1000)
    public static let silentHello = MilterSteps(rawValue: 0x2000)
    public static let silentMail = MilterSteps(rawValue: 0x4000)
    public static let silentRecipient = MilterSteps(rawValue: 0x8000)
    public static let silentData = MilterSteps(rawValue: 0x1_0000)
    public static let silentUnknown = MilterSteps(rawValue: 0x2_0000)
    public static let silentEndOfHeader = MilterSteps(rawValue: 0x4_0000)
    public static let silentBody = MilterSteps(rawValue: 0x8_0000)

    /// It may say in the middle of the body that it has seen enough.
    public static let skip = MilterSteps(rawValue: 0x400)
    /// The blank behind the colon of a field is part of its value.
    public static let leadingBlanks = MilterSteps(rawValue: 0x10_0000)

    /// What can be asked of this side. Refused recipients (SMFIP_RCPT_REJ) are not told.
    public static let all = MilterSteps(rawValue: 0x1F_F7FF)
}
