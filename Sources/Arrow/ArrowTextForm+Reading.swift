// Intervals and identifiers as text, since SQL has no types for them.

import StarlingMemory
import StarlingTypes
import StarlingVectors

extension ArrowTextForm {
    func read(_ values: Buffer, _ window: ArrowWindow) -> Vector {
        var result = Vector(uninitialized: .string, count: window.count)
        result.validity = window.makeValidity()
        let heap = StringHeap()
        result.owner = heap
        let target = result.pointer(to: StringReference.self)
        let source = UnsafeRawPointer(values.baseAddress)
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] =
                window.isValid(row) ? heap.add(text(source + row * byteWidth)) : .empty
        }
        withExtendedLifetime(values) {}
        return result
    }

    private func text(_ place: UnsafeRawPointer) -> [UInt8] {
        func number(_ offset: Int) -> Int {
            Int(place.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        }
        switch self {
        case .months: return FixedText.interval(months: number(0), days: 0, nanoseconds: 0)
        case .daysAndMilliseconds:
            return FixedText.interval(
                months: 0, days: number(0), nanoseconds: number(4) * 1_000_000)
        case .monthsDaysAndNanoseconds:
            return FixedText.interval(
                months: number(0), days: number(4),
                nanoseconds: place.loadUnaligned(fromByteOffset: 8, as: Int.self))
        case .uuid:
            return FixedText.uuid([UInt8](UnsafeRawBufferPointer(start: place, count: 16)))
        }
    }
}
