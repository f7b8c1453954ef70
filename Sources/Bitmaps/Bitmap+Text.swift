// Bitmaps as text: values in order with commas between them.

extension Bitmap {
    /// Reads values with commas between them and spaces around them; nil where anything else is
    /// there.
    package init?(parsing text: UnsafeRawBufferPointer) {
        self.init()
        var place = 0
        func skipSpaces() {
            while place < text.count, text[place] == 32 || text[place] &- 9 < 5 { place += 1 }
        }
        skipSpaces()
        if place == text.count { return }
        while true {
            skipSpaces()
            var value: UInt64 = 0
            let start = place
            while place < text.count, text[place] &- 48 < 10 {
                let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
                let (next, overflows) = tens.addingReportingOverflow(UInt64(text[place] &- 48))
                if isTooLarge || overflows { return nil }
                value = next
                place += 1
            }
            guard place > start else { return nil }
            insert(value)
            skipSpaces()
            if place == text.count { return }
            guard text[place] == UInt8(ascii: ",") else { return nil }
            place += 1
        }
    }

    /// Appends the values with commas between them.
    package func appendText(to text: inout [UInt8]) {
        var isFirst = true
        for value in values {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            let start = text.count
            var rest = value
            repeat {
                text.append(UInt8(truncatingIfNeeded: rest % 10) + 48)
                rest /= 10
            } while rest > 0
            text[start...].reverse()
        }
    }
}
