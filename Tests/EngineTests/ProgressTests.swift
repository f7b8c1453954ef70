// How far a statement is, as those see it who wait for it.

import Foundation
import Starling
import Synchronization
import Testing

struct ProgressTests {
    /// Checks figures that were seen one after the other.
    private func check(_ seen: [Double]) {
        #expect(!seen.isEmpty)
        #expect(seen == seen.sorted())
        #expect(seen.allSatisfy { (0..<1).contains($0) })
    }

    @Test func aSortHasMoreBeforeItThanReading() throws {
        let session = Database().makeSession()
        let seen = Mutex<[Double]>([])
        try session.forEachChunk("SELECT o_comment FROM tpch('orders', 0.1) ORDER BY o_comment") {
            _ in
            if let progress = session.progress { seen.withLock { $0.append(progress) } }
            return true
        }
        let figures = seen.withLock { $0 }
        check(figures)
        // Rows come when all are read and sorted; then they are still to be given.
        #expect(figures.first! > 0.5)
        #expect(figures.first! < 0.9)
        #expect(figures.last! > 0.9)
    }

    @Test func theSampleIsOneTask() throws {
        let folder = NSTemporaryDirectory() + "/starling-progress-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let session = Database().makeSession()
        let isDone = Atomic<Bool>(false)
        let seen = Mutex<[Double]>([])
        let watch = Thread {
            while !isDone.load(ordering: .relaxed) {
                if let progress = session.progress { seen.withLock { $0.append(progress) } }
                usleep(500)
            }
        }
        watch.start()
        let tables = try session.writeSample(folder: folder, scale: 0.02)
        isDone.store(true, ordering: .relaxed)
        #expect(tables.count == 8)
        #expect(session.progress == nil)
        // What the views are made of has no progress of its own; the task has.
        let figures = seen.withLock { $0 }
        check(figures)
        #expect(figures.last! > 0.5)
    }
}
