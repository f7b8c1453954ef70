// Bitmaps that aggregates gather. They change their size in ways of their own, so they lie outside
// of the aggregation's heap, which keeps them alive and counts their bytes.

import StarlingBitmaps
import StarlingErrors
import StarlingVectors

/// Holds a bitmap that grows.
final class BitmapBox {
    var bitmap: Bitmap
    /// What the heap has counted for it.
    private var countedBytes = 256
    private var changesLeft = 1_024

    init(_ bitmap: Bitmap) { self.bitmap = bitmap }

    func insert(_ value: UInt64, _ heap: StringHeap) {
        bitmap.insert(value)
        changesLeft -= 1
        if changesLeft == 0 { count(heap) }
    }

    /// Counts the bytes that the bitmap has taken since.
    func count(_ heap: StringHeap) {
        changesLeft = 1_024
        let byteCount = bitmap.byteCount
        if byteCount > countedBytes {
            heap.count(moreBytes: byteCount - countedBytes)
            countedBytes = byteCount
        }
    }
}

/// Refers to a group's bitmap; of zero bytes there is none.
struct BitmapState: BitwiseCopyable {
    private var reference: UInt64

    static let empty = BitmapState(reference: 0)

    var isEmpty: Bool { reference == 0 }

    /// The box of a state that is not empty.
    @inline(__always)
    var box: BitmapBox {
        let pointer = UnsafeRawPointer(bitPattern: UInt(reference)).unsafelyUnwrapped
        return Unmanaged<BitmapBox>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Gives the state a bitmap; the heap keeps it.
    mutating func begin(_ bitmap: Bitmap, _ heap: StringHeap) {
        let box = BitmapBox(bitmap)
        heap.keep(box, byteCount: 256)
        box.count(heap)
        reference = UInt64(UInt(bitPattern: Unmanaged.passUnretained(box).toOpaque()))
    }
}

extension BitmapState: StoredState {
    func write(to writer: inout StateWriter) {
        for byte in isEmpty ? Bitmap().serialized : box.bitmap.serialized { writer.append(byte) }
    }

    static func read(
        from reader: inout StateReader, _ heap: StringHeap
    ) throws(StarlingError) -> BitmapState {
        var state = BitmapState.empty
        guard let bitmap = try reader.readRest({ StoredBitmap($0).read() }) else {
            throw StateReader.damage
        }
        state.begin(bitmap, heap)
        return state
    }
}
