import Synchronization

/// Switches, for tests, all hashes to zero, so that every collision path runs.
package enum HashMode {
    private static let zero = Atomic<Bool>(false)

    package static var isZero: Bool {
        get { zero.load(ordering: .relaxed) }
        set { zero.store(newValue, ordering: .relaxed) }
    }
}
