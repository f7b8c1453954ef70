import Synchronization

/// Knows how the values of a column are spread, once someone asks: few columns are asked for it, and
/// putting together what many segments know takes longer than planning a query.
package final class ValueSpread: Sendable, Hashable {
    private enum State: Sendable {
        case pending(@Sendable () -> ColumnHistogram?)
        case known(ColumnHistogram?)
    }

    private let state: Mutex<State>

    package init(_ histogram: ColumnHistogram) { state = Mutex(.known(histogram)) }

    package init(_ make: @escaping @Sendable () -> ColumnHistogram?) {
        state = Mutex(.pending(make))
    }

    package var histogram: ColumnHistogram? {
        state.withLock { state in
            switch state {
            case .known(let histogram): return histogram
            case .pending(let make):
                let histogram = make()
                state = .known(histogram)
                return histogram
            }
        }
    }

    package static func == (left: ValueSpread, right: ValueSpread) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
