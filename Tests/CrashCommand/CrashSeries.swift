import Foundation
import StarlingCrashes

/// Lets databases crash, a number of times.
struct CrashSeries {
    /// Crashes of one database, before the next begins with nothing.
    private static let killsOfOneDatabase = 25

    private let count: Int
    private let seed: UInt64

    init(_ count: Int, _ seed: UInt64) {
        self.count = count
        self.seed = seed
    }

    /// Is a database that is not as it has to be after a crash.
    private struct WrongOutcome: Error, CustomStringConvertible {
        let description: String
    }

    /// Ends or fails at every operation of the workloads of many seeds.
    func simulate() throws {
        var done = 0
        for seed in self.seed... {
            let crash = SimulatedCrash(seed: seed)
            for operation in 1...crash.countOperations() {
                for fault in [SimulatedDisk.Fault.end, .once] {
                    let difference: String?
                    do { difference = try crash.difference(with: fault, at: operation) } catch {
                        difference = "\(error)"
                    }
                    guard let difference else { continue }
                    throw WrongOutcome(
                        description: "seed \(seed), operation \(operation), \(fault): "
                            + difference)
                }
                done += 2
                report(done)
                if done >= count { return }
            }
        }
    }

    /// Kills processes of an executable.
    func kill(_ executable: String) throws {
        var done = 0
        for seed in self.seed... {
            let folder = NSTemporaryDirectory() + "starling-kills-\(getpid())-\(seed)"
            var process = KilledProcess(executable: executable, folder: folder, seed: seed)
            for _ in 0..<Self.killsOfOneDatabase where done < count {
                if let difference = try process.killOnce() {
                    throw WrongOutcome(description: "seed \(seed), in \(folder): \(difference)")
                }
                done += 1
                report(done)
            }
            try FileManager.default.removeItem(atPath: folder)
            if done >= count { return }
        }
    }

    private func report(_ done: Int) {
        if done.isMultiple(of: 1_000) || done >= count { print("\(done) crashes, all is well") }
    }
}
