// Intervals as text, which SQL has no type for.

import StarlingMemory
import StarlingTypes
import StarlingVectors

enum ArrowIntervals {
    static func read(_ unit: ArrowIntervalUnit, _ values: Buffer, _ window: ArrowWindow) -> Vector {
        var result = Vector(uninitialized: .string, count: window.count)
        result.validity = window.makeValidity()
        let heap = StringHeap()
        result.owner = heap
        let target = result.pointer(to: StringReference.self)
        let source = UnsafeRawPointer(values.baseAddress)
        for position in 0..<window.count {
            let row = window.row(position)
            let place = source + row * unit.byteWidth
            func number(_ offset: Int) -> Int {
                Int(place.loadUnaligned(fromByteOffset: offset, as: Int32.self))
            }
            guard window.isValid(row) else {
                target[position] = .empty
                continue
            }
            let text: [UInt8]
            switch unit {
            case .months: text = FixedText.interval(months: number(0), days: 0, nanoseconds: 0)
            case .daysAndMilliseconds:
                text = FixedText.interval(
                    months: 0, days: number(0), nanoseconds: number(4) * 1_000_000)
            case .monthsDaysAndNanoseconds:
                text = FixedText.interval(
                    months: number(0), days: number(4),
                    nanoseconds: place.loadUnaligned(fromByteOffset: 8, as: Int.self))
            }
            target[position] = heap.add(text)
        }
        withExtendedLifetime(values) {}
        return result
    }
}
