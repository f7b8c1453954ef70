// When a materialized view is refreshed by the clock: REFRESH ASYNC START('…') EVERY(INTERVAL …). All
// times are of UTC. A view that has no START begins when it is made, which its definition then says.

import StarlingErrors
import StarlingSyntax
import StarlingThreads
import StarlingTypes

/// Goes from a start by equal steps, for ever.
struct RefreshSchedule: Sendable {
    /// Microseconds since 1970.
    let start: Int64
    private let steps: PartitionSteps

    /// Reads what stands behind ASYNC; nil where it names no interval.
    init?(_ scheme: RefreshScheme?) throws(StarlingError) {
        guard case .asynchronous(let start, let every?)? = scheme?.trigger else { return nil }
        try self.init(start: start, every: every)
    }

    /// Reads START and EVERY.
    init(start: String?, every: Expression) throws(StarlingError) {
        guard case .interval = every.kind else {
            throw StarlingError(
                .binding, "EVERY takes an interval, as in EVERY(INTERVAL 10 MINUTE)",
                at: every.range)
        }
        steps = try PartitionSteps(every, .datetime, prefix: "") { count in
            if case .literal(.string(let text)) = count.kind { return .text(text) }
            return .text(count.sql())
        }
        let time = start.flatMap { Value(parsing: $0, as: .datetime)?.integer }
        guard let time = time.flatMap({ Int64(exactly: $0) }) else {
            throw StarlingError(
                .binding, "START takes a time, as in START('2026-01-31 06:00:00')",
                at: every.range)
        }
        self.start = time
    }

    /// What START says of a schedule that begins at a moment.
    static func startText(_ moment: Int64) -> String? {
        Value.integer(Int128(moment / 1_000_000 * 1_000_000)).text(as: .datetime)
    }

    /// The first of its moments behind another; nil behind the last one that there is.
    func next(after moment: Int64) -> Int64? {
        guard start <= moment else { return start }
        var (low, high) = (Int64(0), Int64(1))
        while let time = time(high), time <= moment { (low, high) = (high, high * 2) }
        while low + 1 < high {
            let middle = low + (high - low) / 2
            if let time = time(middle), time <= moment { low = middle } else { high = middle }
        }
        return time(high)
    }

    private func time(_ step: Int64) -> Int64? {
        steps.value(Int128(start), step).flatMap { Int64(exactly: $0) }
    }
}

extension RefreshScheme {
    /// The same with a START where it has none; says no to a START without EVERY.
    func starting(at moment: Int64, _ place: TextRange) throws(StarlingError) -> RefreshScheme {
        guard case .asynchronous(let start, let every) = trigger else { return self }
        guard let every else {
            guard start == nil else {
                throw StarlingError(
                    .binding, "START wants EVERY(INTERVAL …) behind it", at: place)
            }
            return self
        }
        var scheme = self
        scheme.trigger = .asynchronous(
            start: start ?? RefreshSchedule.startText(moment), every: every)
        _ = try RefreshSchedule(scheme)
        return scheme
    }
}
