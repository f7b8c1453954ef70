// Calls of functions that take a lambda: array_map(x -> x + 1, a). The parameters are columns that
// exist inside of the bodies only; other columns there are those of the row that the list is in.

import StarlingTypes

/// Is a function of lists that computes something for each element.
package struct LambdaCall: Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case arrayMap = "array_map"
        case arrayFilter = "array_filter"
        case arraySort = "array_sort"
        case arraySortBy = "array_sortby"
        case anyMatch = "any_match"
        case allMatch = "all_match"
        case noneMatch = "none_match"
        case mapApply = "map_apply"
        case mapFilter = "map_filter"
        case transformKeys = "transform_keys"
        case transformValues = "transform_values"
    }

    package var kind: Kind
    /// One for each array, two for a map, and two for `array_sort`, which compares elements.
    package var parameters: [PlanColumn]
    /// What is computed for each element; for `map_apply` the key and the value.
    package var bodies: [BoundExpression]
    /// Arrays of one length in each row, or a map.
    package var lists: [BoundExpression]
    package var type: LogicalType

    package init(
        kind: Kind, parameters: [PlanColumn], bodies: [BoundExpression],
        lists: [BoundExpression], type: LogicalType
    ) {
        self.kind = kind
        self.parameters = parameters
        self.bodies = bodies
        self.lists = lists
        self.type = type
    }
}

extension LambdaCall: Hashable {
    /// Compares up to the parameters' identities: each call that is written has its own ones, and
    /// `GROUP BY array_map(x -> x + 1, a)` means the call of the select list.
    package static func == (left: LambdaCall, right: LambdaCall) -> Bool {
        guard left.kind == right.kind, left.type == right.type, left.lists == right.lists,
            left.parameters.map(\.type) == right.parameters.map(\.type)
        else { return false }
        if left.parameters == right.parameters { return left.bodies == right.bodies }
        let names = Dictionary(
            zip(right.parameters.map(\.id), left.parameters),
            uniquingKeysWith: { first, _ in first })
        return left.bodies == right.bodies.map { $0.renaming(names) }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(lists)
        hasher.combine(parameters.count)
    }
}
