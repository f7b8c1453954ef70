import StarlingVectors
import Testing

@Suite struct StringHeapTests {
    /// An empty text at the beginning of a column asks for no bytes in a heap without blocks.
    @Test func roomForNothingHasAnAddressInAnEmptyHeap() {
        let heap = StringHeap()
        let address = heap.allocatePadded(0)
        #expect(StringReference(padded: address, count: 0).bytes.isEmpty)
        #expect(heap.add([]).bytes.isEmpty)
        let again = StringHeap(firstBlockByteCount: 0)
        _ = again.allocate(0)
        #expect(again.add(Array("longer than twelve bytes".utf8)).count == 24)
    }

    @Test func textsStayWhereTheyAre() {
        let heap = StringHeap(firstBlockByteCount: 64)
        let texts = (0..<2_000).map { String(repeating: "é\($0)", count: $0 % 40) }
        let references = texts.map { heap.add(Array($0.utf8)) }
        for (text, reference) in zip(texts, references) {
            #expect(reference.bytes == Array(text.utf8))
            #expect(reference.isInline == (text.utf8.count <= 12))
        }
    }

    @Test func textsLongerThanBlocksFit() {
        let heap = StringHeap(firstBlockByteCount: 16)
        let long = [UInt8](repeating: 65, count: 1 << 20)
        let first = heap.add(long)
        let second = heap.add(Array("another text".utf8) + [33])
        #expect(first.bytes == long)
        #expect(second.bytes == Array("another text!".utf8))
        #expect(heap.byteCount >= long.count)
    }

    @Test func copiesOfInlineTextsNeedNoRoom() {
        let heap = StringHeap()
        let short = heap.add(Array("twelve bytes".utf8))
        let isSame = heap.add(short) == short
        #expect(short.isInline && isSame)
        #expect(heap.byteCount == 0)
    }

    @Test func keptObjectsAreCountedAndKept() {
        final class Kept {}
        let heap = StringHeap()
        weak var observed: Kept?
        do {
            let object = Kept()
            observed = object
            heap.keep(object, byteCount: 100)
        }
        heap.count(moreBytes: 20)
        #expect(heap.byteCount == 120)
        #expect(observed != nil)
        withExtendedLifetime(heap) {}
    }
}
