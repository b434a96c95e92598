extension EnhancedStatusCode {
    /// What the exit status of a program that takes mail means (sysexits.h). What cannot be known to be final is tried
    /// again.
    package init(exitStatus: Int32) {
        switch exitStatus {
        case 0: self.init(.success, 0, 0)
        case 65: self.init(.permanentFailure, 6, 0)
        case 67: self.init(.permanentFailure, 1, 1)
        case 68: self.init(.permanentFailure, 1, 2)
        case 64, 66, 69, 70: self.init(.permanentFailure, 3, 0)
        case 76: self.init(.permanentFailure, 5, 0)
        case 77: self.init(.permanentFailure, 7, 0)
        case 73: self.init(.persistentTransientFailure, 2, 0)
        case 78: self.init(.persistentTransientFailure, 3, 5)
        default: self.init(.persistentTransientFailure, 3, 0)
        }
    }
}
