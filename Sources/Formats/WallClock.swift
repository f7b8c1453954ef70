// Instants lie in files as DATETIMEs in UTC; a session shows them as the clocks of its time zone do.

import StarlingTypes

/// Knows what clocks of a zone show.
package struct WallClock: Sendable, Hashable {
    package let zone: String
    /// The distances from UTC that the zone has at one time or another, in seconds.
    package let offsets: ClosedRange<Int64>
    private let offset: @Sendable (_ second: Int64) -> Int64

    /// - Parameter offset: the distance from UTC at a second since 1970.
    package init(
        zone: String, offsets: ClosedRange<Int64>,
        offset: @escaping @Sendable (_ second: Int64) -> Int64
    ) {
        self.zone = zone
        self.offsets = offsets
        self.offset = offset
    }

    /// Returns what clocks show at a moment, both as microseconds since 1970.
    package func time(at moment: Int64) -> Int64 {
        let second = moment / 1_000_000 - (moment % 1_000_000 < 0 ? 1 : 0)
        return moment &+ offset(second) &* 1_000_000
    }

    package static func == (left: WallClock, right: WallClock) -> Bool { left.zone == right.zone }

    package func hash(into hasher: inout Hasher) { hasher.combine(zone) }
}
