// Databases that crash; `tools/crash` does the same for as long as you like.

import Foundation
import StarlingCrashes
import Testing

@Suite struct CrashTests {
    @Test(arguments: [1, 5] as [UInt64])
    func everyOperationMayBeTheLast(_ seed: UInt64) throws {
        let crash = SimulatedCrash(seed: seed)
        for operation in 1...crash.countOperations() {
            let difference = try crash.difference(with: .end, at: operation)
            #expect(difference == nil, "seed \(seed), operation \(operation)")
        }
    }

    @Test(arguments: [2] as [UInt64])
    func everyOperationMayFailOnce(_ seed: UInt64) throws {
        let crash = SimulatedCrash(seed: seed)
        for operation in 1...crash.countOperations() {
            let difference = try crash.difference(with: .once, at: operation)
            #expect(difference == nil, "seed \(seed), operation \(operation)")
        }
    }

    @Test func processesMayBeKilled() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = NSTemporaryDirectory() + "starling-kills-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var process = KilledProcess(
            executable: root.appending(path: ".build/release/starling").path,
            folder: folder, seed: 3)
        for _ in 0..<20 { #expect(try process.killOnce() == nil) }
    }
}
