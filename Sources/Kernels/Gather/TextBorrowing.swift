// Strings that a column takes over as references to memory of somebody else's, as long as most of
// that memory is text of the column. Rows are taken first, and their texts copied in the end where
// too few of them came.
//
// That the lender keeps alive what the references point to is not believed but seen: each of them
// lies in the lender's memory, and the lender is kept.

import CPlatform
import StarlingMemory
import StarlingVectors

/// Keeps what strings refer to instead of copying them.
struct TextBorrowing {
    /// The lenders that are kept for good.
    private(set) var kept: [any TextLender] = []
    private var keptByteCount = 0
    /// The lender of the last rows, which is kept until more of its rows came, or none.
    private var last: (lender: any TextLender, texts: UnsafeRawBufferPointer)?
    private var lastRowCount = 0
    private var lastByteCount = 0

    /// The bytes that are kept alive, or will be copied.
    var byteCount: Int { keptByteCount + lastByteCount }

    /// Writes references to texts of a lender, without NULLs; false where they have to be copied.
    mutating func borrow(
        _ source: Vector, _ target: UnsafeMutablePointer<StringReference>, _ heap: StringHeap
    ) -> Bool {
        let strings = source.pointer(to: StringReference.self)
        guard let (lender, texts) = self.lender(of: source) else {
            settle(target, heap)
            return false
        }
        let byteCount = Int(
            starling_count_text_bytes_in(strings, source.count, texts.baseAddress, texts.count))
        guard byteCount >= 0 else {
            settle(target, heap)
            return false
        }
        if last?.lender !== lender {
            settle(target, heap)
            last = (lender, texts)
        }
        target.update(from: strings, count: source.count)
        lastRowCount += source.count
        lastByteCount += byteCount
        return true
    }

    /// Finds who lends the texts of a vector; the last one is known.
    private func lender(
        of source: Vector
    ) -> (lender: any TextLender, texts: UnsafeRawBufferPointer)? {
        if let last, last.lender === source.owner { return last }
        guard let lender = source.owner as? any TextLender, let texts = lender.texts else {
            return nil
        }
        return (lender, texts)
    }

    /// Ends the borrowing of the rows before `end`: keeps their lender, or copies their texts
    /// where most of its memory is something else.
    mutating func settle(_ end: UnsafeMutablePointer<StringReference>, _ heap: StringHeap) {
        guard let (lender, texts) = last else { return }
        if lastByteCount > 0, lastByteCount * 2 >= texts.count {
            kept.append(lender)
            keptByteCount += texts.count
        } else if lastByteCount > 0 {
            let strings = end - lastRowCount
            starling_copy_texts(
                strings, lastRowCount, strings, heap.allocatePadded(lastByteCount))
            withExtendedLifetime(lender) {}
        }
        (last, lastRowCount, lastByteCount) = (nil, 0, 0)
    }
}
