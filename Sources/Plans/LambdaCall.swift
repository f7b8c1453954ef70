// Calls of functions that take a lambda: array_map(x -> x + 1, a). The parameters are columns that
// exist inside of the bodies only; other columns there are those of the row that the list is in.

import StarlingTypes

/// Is a function of lists that computes something for each element.
package struct LambdaCall: Hashable, Sendable {
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
