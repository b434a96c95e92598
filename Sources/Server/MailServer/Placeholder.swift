import TOMLKit
import ServiceLifecycle
import NIOPosix
import NIOCore
import Logging
enum Placeholder {}
