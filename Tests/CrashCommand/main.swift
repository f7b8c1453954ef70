// Lets databases crash over and over; tools/crash builds this and calls it:
//
//     CrashCommand simulated|killed EXECUTABLE COUNT SEED
//
// `simulated` ends a workload at each operation of its disk, `killed` kills processes of EXECUTABLE.
// Each crash is one of COUNT. The first wrong outcome is printed and makes the status 1.

import Foundation
import StarlingCrashes

guard CommandLine.arguments.count == 5, let count = Int(CommandLine.arguments[3]),
    let seed = UInt64(CommandLine.arguments[4])
else {
    print("CrashCommand simulated|killed EXECUTABLE COUNT SEED")
    exit(2)
}
do {
    switch CommandLine.arguments[1] {
    case "simulated": try CrashSeries(count, seed).simulate()
    default: try CrashSeries(count, seed).kill(CommandLine.arguments[2])
    }
} catch {
    print(error)
    exit(1)
}
