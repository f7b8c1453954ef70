// Texts and bytes: references into the file's buffers, each checked to lie inside.

import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Makes vectors of strings.
struct ArrowTextLoops {
    private let storage: ArrowStorage
    private let values: Buffer
    private let texts: ArrowTexts
    private let rowCount: Int
    private let place: String

    init(
        _ storage: ArrowStorage, _ values: Buffer, _ texts: ArrowTexts, rowCount: Int,
        place: String
    ) {
        self.storage = storage
        self.values = values
        self.texts = texts
        self.rowCount = rowCount
        self.place = place
    }

    func read(_ window: ArrowWindow) throws(StarlingError) -> Vector {
        var result = Vector(uninitialized: .string, count: window.count)
        result.validity = window.makeValidity()
        result.owner = texts
        let isInside =
            switch storage {
            case .offsets(4): offsets(UInt32.self, window, result)
            case .offsets: offsets(UInt64.self, window, result)
            case .fixedBytes(let count): fixed(count, window, result)
            default: views(window, result)
            }
        guard isInside else {
            throw StarlingError(.file, "\(place): a text lies outside of its buffer")
        }
        return result
    }

    private func offsets<Offset: FixedWidthInteger & BitwiseCopyable>(
        _: Offset.Type, _ window: ArrowWindow, _ result: Vector
    ) -> Bool {
        let target = result.pointer(to: StringReference.self)
        let offsets = values.pointer(to: Offset.self)
        let bytes = UnsafeRawPointer(texts.buffers[0].baseAddress)
        let byteCount = Offset(clamping: texts.buffers[0].byteCount)
        var isInside = true
        for position in 0..<window.count {
            let row = window.row(position)
            let (start, end) = (offsets[row], offsets[row &+ 1])
            let isSound = start <= end && end <= byteCount && end &- start <= 1 << 30
            isInside = isInside && (isSound || !window.isValid(row))
            target[position] =
                isSound && window.isValid(row)
                ? StringReference(bytes + Int(start), count: Int(end &- start)) : .empty
        }
        return isInside
    }

    private func fixed(_ count: Int, _ window: ArrowWindow, _ result: Vector) -> Bool {
        let target = result.pointer(to: StringReference.self)
        let bytes = UnsafeRawPointer(values.baseAddress)
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] =
                window.isValid(row)
                ? StringReference(bytes + row * count, count: count) : .empty
        }
        return true
    }

    private func views(_ window: ArrowWindow, _ result: Vector) -> Bool {
        let target = result.pointer(to: StringReference.self)
        let views = values.pointer(to: Int32.self)
        var isInside = true
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] = .empty
            guard window.isValid(row) else { continue }
            let view = views + 4 * row
            let count = Int(view[0])
            if (0...12).contains(count) {
                target[position] = StringReference(view + 1, count: count)
                continue
            }
            let (number, start) = (Int(view[2]), Int(view[3]))
            guard texts.buffers.indices.contains(number), count > 0, start >= 0,
                count <= texts.buffers[number].byteCount - start
            else {
                isInside = false
                continue
            }
            target[position] = StringReference(
                texts.buffers[number].baseAddress + start, count: count)
        }
        return isInside
    }
}
