// A Boolean that several workers agree on.

import Synchronization

/// Is a Boolean that workers may clear at any time.
final class SharedFlag: Sendable {
    private let value: Atomic<Bool>

    init(_ value: Bool) { self.value = Atomic(value) }

    var isSet: Bool { value.load(ordering: .relaxed) }

    func clear() { value.store(false, ordering: .relaxed) }
}
