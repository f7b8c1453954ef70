// Runs sqllogictest files outside the test runner:
//
//     SQLLogicCommand [--configuration NAME] [--complete] [--tpch] [FILE …]
//
// Without files it runs all of them; with `--tpch` TPC-H's queries too. `--complete` writes what the
// queries gave into the files: for drafts, whose results someone checks against another source.

import Foundation
import SQLLogic

var arguments = Array(CommandLine.arguments.dropFirst())
var completes = false
var runsTPCH = false
var configuration = LogicConfiguration.plain
var paths: [String] = []
while !arguments.isEmpty {
    let argument = arguments.removeFirst()
    switch argument {
    case "--complete": completes = true
    case "--tpch": runsTPCH = true
    case "--configuration":
        let name = arguments.isEmpty ? "" : arguments.removeFirst()
        guard let known = LogicConfiguration(rawValue: name) else {
            let names = LogicConfiguration.allCases.map(\.rawValue).joined(separator: ", ")
            print("no configuration is named '\(name)'; there are \(names)")
            exit(2)
        }
        configuration = known
    case let option where option.hasPrefix("-"):
        print("there is no option \(option); --configuration NAME, --complete and --tpch are")
        exit(2)
    default: paths.append(argument)
    }
}

if paths.isEmpty { paths = LogicFiles.all }
guard !paths.isEmpty else {
    print("there are no files where the sources lay when this was built")
    exit(2)
}

var failureCount = 0
for path in paths {
    let file: LogicFile
    do { file = try LogicFiles.read(path) } catch {
        print("\(path) cannot be read: \(error.localizedDescription)")
        exit(2)
    }
    var runner = try LogicRunner(file, under: configuration)
    runner.run()
    for failure in runner.failures { print("\(failure)\n") }
    failureCount += runner.failures.count
    if completes {
        try runner.completed().write(toFile: file.path, atomically: true, encoding: .utf8)
    }
}
if runsTPCH {
    let queries = try SuiteQueries(.tpch, under: configuration)
    for name in try queries.names {
        do {
            guard let difference = try queries.difference(inQuery: name) else { continue }
            print("TPC-H \(name): \(difference)")
        } catch { print("TPC-H \(name): \(error)") }
        failureCount += 1
    }
}
print("\(paths.count) files, \(failureCount == 0 ? "no" : "\(failureCount)") failures")
exit(failureCount == 0 ? 0 : 1)
