// What a scan asks of a runtime filter.

import StarlingTypes
import StarlingVectors

extension RuntimeFilterSlot {
    var isUseful: Bool { false }
    var isEmpty: Bool { false }
    func mayMatch(_ bounds: Bounds) -> Bool { true }
    func select(_ vector: Vector, _ selection: Selection?, count: Int) -> Selection? { selection }
}
