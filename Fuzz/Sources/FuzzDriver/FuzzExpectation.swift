/// Ends the fuzzer with a text where something does not hold. `precondition` says nothing in a release build.
public func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { fatalError(text()) }
}
