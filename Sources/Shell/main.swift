// The `starling` command. All of it is in `Console`, where tests can reach it.

import StarlingConsole

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

exit(runShell(CommandLine.arguments.dropFirst()))
