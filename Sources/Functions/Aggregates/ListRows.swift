// Arguments that are arrays or maps, of which an aggregate looks at the elements.

import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Views the lists of a batch by their elements.
struct ListRows {
    let lists: ListElements

    /// Lists are gathered by rows and come packed.
    init(_ argument: Vector, _ type: LogicalType) {
        let isPacked = argument.physicalType == .string
        lists = ListElements((isPacked ? unpacked(argument, as: type) : argument).flattened())
    }

    func isValid(_ row: Int) -> Bool { lists.lists.isValid(row) }

    /// The places of a row's elements in the long vectors.
    func elements(_ row: Int) -> Range<Int> {
        let range = lists.ranges[row]
        return Int(range.offset)..<(Int(range.offset) + Int(range.count))
    }
}
