/// Comparison whose time tells nothing of where two secrets differ.
public enum ConstantTime {
    /// Whether both are the same. Only a difference in length shows in the time.
    public static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        var difference: UInt8 = 0
        for index in first.indices { difference |= first[index] ^ second[index] }
        return difference == 0
    }
}
