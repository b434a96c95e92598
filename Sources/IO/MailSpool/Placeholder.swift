import GRDB
import NIOCore
import CZlib
enum Placeholder {}
