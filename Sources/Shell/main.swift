// The `starling` command: a prompt on a terminal, a script reader elsewhere, and a dialogue for
// machines.

import Starling

let exitStatus: Int32
switch CommandLineOptions.parse(CommandLine.arguments.dropFirst()) {
case .help:
    print(CommandLineOptions.usage)
    exitStatus = 0
case .version:
    print("starling \(starlingVersion)")
    exitStatus = 0
case .invalid(let message):
    writeError("starling: \(message)\n\(CommandLineOptions.usage)")
    exitStatus = 1
case .run(let options):
    exitStatus = ShellRunner(options).run()
}
exitProcess(exitStatus)
