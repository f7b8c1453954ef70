/// Says where in the values of a column instants lie: DATETIMEs that are moments in UTC, not what a
/// clock on some wall has shown.
package indirect enum InstantPlaces: Sendable, Hashable {
    case none
    case value
    /// Of a structure its fields, of an array its elements, of a map its keys and its values.
    case parts([InstantPlaces])

    package init(parts: [InstantPlaces]) {
        self = parts.allSatisfy { $0 == .none } ? .none : .parts(parts)
    }

    package func part(_ position: Int) -> InstantPlaces {
        guard case .parts(let parts) = self, parts.indices.contains(position) else { return .none }
        return parts[position]
    }
}
