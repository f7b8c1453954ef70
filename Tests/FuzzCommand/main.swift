// Runs a fuzzer; tools/fuzz builds this with a sanitizer and calls it:
//
//     FuzzCommand                                 lists the fuzzers
//     FuzzCommand NAME [--seconds N] [--rounds N] [--seed S] [--findings FOLDER]
//     FuzzCommand NAME --seed S --round R [--print-input]
//     FuzzCommand NAME --input FILE
//
// Before each round its number is put into the file `current` of the folder for findings, so that
// who started the process knows where it ended. A round that takes too long ends it by SIGALRM.

import Foundation
import StarlingFuzzing

guard CommandLine.arguments.count > 1 else {
    for fuzzer in Fuzzers.all {
        print(fuzzer.name.padding(toLength: 12, withPad: " ", startingAt: 0) + fuzzer.summary)
    }
    exit(0)
}
guard let fuzzer = Fuzzers.named(CommandLine.arguments[1]) else {
    fail("there is no fuzzer '\(CommandLine.arguments[1])'")
}
exit(try FuzzCommand(fuzzer, Array(CommandLine.arguments.dropFirst(2))).execute())
