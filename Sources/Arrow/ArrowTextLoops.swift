// Texts and bytes: references into the file's buffers, each checked to lie inside.

import CPlatform
import StarlingErrors
import StarlingMemory
import StarlingTypes
import StarlingVectors

/// Is a StringReference as it lies in memory. Its own initializers are another module's and not
/// inlined here.
private typealias ReferenceWords = SIMD2<UInt64>

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
        let target = result.pointer(to: ReferenceWords.self)
        let offsets = values.pointer(to: Offset.self)
        let bytes = UnsafeRawPointer(texts.buffers[0].baseAddress)
        let byteCount = Offset(clamping: texts.buffers[0].byteCount)
        if window.isWhole {
            let stored = UnsafeRawPointer(offsets + window.start)
            let count = texts.buffers[0].byteCount
            return Offset.bitWidth == 32
                ? starling_refer_to_texts_32(
                    stored.assumingMemoryBound(to: UInt32.self), window.count, bytes, count,
                    target) != 0
                : starling_refer_to_texts_64(
                    stored.assumingMemoryBound(to: UInt64.self), window.count, bytes, count,
                    target) != 0
        }
        var isInside = true
        for position in 0..<window.count {
            let row = window.row(position)
            let (start, end) = (offsets[row], offsets[row &+ 1])
            let isSound = start <= end && end <= byteCount && end &- start <= 1 << 30
            isInside = isInside && (isSound || !window.isValid(row))
            target[position] =
                isSound && window.isValid(row)
                ? paddedReference(bytes + Int(start), count: Int(end &- start)) : .zero
        }
        return isInside
    }

    /// Makes the words of a reference without a branch a byte: buffers are padded, so that bytes
    /// behind a text may be read.
    @inline(__always)
    private func paddedReference(_ bytes: UnsafeRawPointer, count: Int) -> ReferenceWords {
        let first = UInt64(bytes.loadUnaligned(as: UInt32.self))
        let length = UInt64(UInt32(truncatingIfNeeded: count))
        let rest = bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
        let firstBits = UInt64(min(count, 4) &* 8)
        let restBits = UInt64(min(max(count &- 4, 0), 8) &* 8)
        let firstMask = (UInt64(1) &<< firstBits) &- 1
        let restMask: UInt64 = restBits == 64 ? .max : (1 &<< restBits) &- 1
        let outside: UInt64 = count > 12 ? .max : 0
        return ReferenceWords(
            length | (first & firstMask) &<< 32,
            (rest & restMask & ~outside) | (UInt64(UInt(bitPattern: bytes)) & outside))
    }

    private func fixed(_ count: Int, _ window: ArrowWindow, _ result: Vector) -> Bool {
        let target = result.pointer(to: ReferenceWords.self)
        let bytes = UnsafeRawPointer(values.baseAddress)
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] =
                window.isValid(row)
                ? paddedReference(bytes + row * count, count: count) : .zero
        }
        return true
    }

    private func views(_ window: ArrowWindow, _ result: Vector) -> Bool {
        let target = result.pointer(to: ReferenceWords.self)
        let views = values.pointer(to: Int32.self)
        var isInside = true
        for position in 0..<window.count {
            let row = window.row(position)
            target[position] = .zero
            guard window.isValid(row) else { continue }
            let view = views + 4 * row
            let count = Int(view[0])
            if (0...12).contains(count) {
                target[position] = paddedReference(view + 1, count: count)
                continue
            }
            let (number, start) = (Int(view[2]), Int(view[3]))
            guard texts.buffers.indices.contains(number), count > 0, start >= 0,
                count <= texts.buffers[number].byteCount - start
            else {
                isInside = false
                continue
            }
            target[position] = paddedReference(
                texts.buffers[number].baseAddress + start, count: count)
        }
        return isInside
    }
}
