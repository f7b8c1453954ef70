// Bitmaps in their stored form (`Bitmap+Writing`), which may come from anywhere: everything is
// checked as it is read. Counting and testing for one value need no more than the headers.

/// Reads a stored bitmap container by container.
package struct StoredBitmap {
    enum Kind {
        static let empty: UInt8 = 0
        static let single32: UInt8 = 1
        static let bitmap32: UInt8 = 2
        static let single64: UInt8 = 3
        static let bitmap64: UInt8 = 4
        static let set: UInt8 = 10
    }

    /// Is where a container's bytes lie, and how to read them.
    struct Part {
        enum Form { case list, bits, runs }
        let key: UInt64
        let form: Form
        let count: Int
        let bytes: UnsafeRawBufferPointer
    }

    private let bytes: UnsafeRawBufferPointer

    package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Reads all of it; nil where it is no bitmap.
    package func read() -> Bitmap? {
        var bitmap = Bitmap()
        if let listed = listedValues() {
            guard let listed else { return nil }
            return Bitmap(listed)
        }
        let isWhole = forEachPart { part in
            guard bitmap.keys.last.map({ $0 < part.key }) ?? true, let container = part.container
            else { return false }
            bitmap.append(part.key, container)
            return true
        }
        return isWhole ? bitmap : nil
    }

    /// Counts the values; nil where it is no bitmap.
    package func count() -> Int? {
        if let listed = listedValues() {
            guard let listed else { return nil }
            return listed.count < 2 ? listed.count : Bitmap(listed).count
        }
        var count = 0
        let isWhole = forEachPart { part in
            count &+= part.count
            return true
        }
        return isWhole ? count : nil
    }

    /// Tells whether the value is there; nil where it is no bitmap.
    package func contains(_ value: UInt64) -> Bool? {
        if let listed = listedValues() { return listed?.contains(value) }
        var isThere = false
        let isWhole = forEachPart { part in
            if part.key == value >> 16 {
                isThere = part.contains(UInt16(truncatingIfNeeded: value))
            }
            return true
        }
        return isWhole ? isThere : nil
    }

    /// The values of the kinds that list them; nil of others, and a nil inside for what is no
    /// bitmap.
    private func listedValues() -> [UInt64]?? {
        guard let kind = bytes.first else { return .some(nil) }
        var reader = StoredReader(bytes, position: 1)
        switch kind {
        case Kind.empty: return bytes.count == 1 ? [] : .some(nil)
        case Kind.single32:
            guard let value = reader.read(UInt32.self), reader.isAtEnd else { return .some(nil) }
            return [UInt64(value)]
        case Kind.single64:
            guard let value = reader.read(UInt64.self), reader.isAtEnd else { return .some(nil) }
            return [value]
        case Kind.set:
            guard let count = reader.read(UInt32.self), Int(count) * 8 == reader.bytesLeft else {
                return .some(nil)
            }
            return (0..<Int(count)).compactMap { _ in reader.read(UInt64.self) }
        case Kind.bitmap32, Kind.bitmap64: return nil
        default: return .some(nil)
        }
    }

    /// Gives all containers to `body`, and false where they are damaged or `body` gives false.
    private func forEachPart(_ body: (Part) -> Bool) -> Bool {
        var reader = StoredReader(bytes, position: 1)
        if bytes[0] == Kind.bitmap32 {
            return reader.readMap(upper: 0, body) && reader.isAtEnd
        }
        guard let count = reader.readLEB128(), count <= UInt64(bytes.count) else { return false }
        for _ in 0..<count {
            guard let upper = reader.read(UInt32.self), reader.readMap(upper: upper, body) else {
                return false
            }
        }
        return reader.isAtEnd
    }
}

extension StoredBitmap.Part {
    private func value(_ place: Int) -> UInt16 {
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place &* 2, as: UInt16.self))
    }

    /// Reads the values; nil where they are not in order or not as many as said.
    var container: Container? {
        switch form {
        case .list:
            var values: [UInt16] = []
            values.reserveCapacity(count)
            for place in 0..<count {
                let next = value(place)
                if let last = values.last, last >= next { return nil }
                values.append(next)
            }
            return Container(values: values)
        case .bits:
            var words: [UInt64] = []
            words.reserveCapacity(Container.wordCount)
            for number in 0..<Container.wordCount {
                words.append(
                    UInt64(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: number &* 8, as: UInt64.self)))
            }
            let container = Container(words: words)
            return container.count == count ? container : nil
        case .runs: return runContainer
        }
    }

    private var runContainer: Container? {
        var words = [UInt64](repeating: 0, count: Container.wordCount)
        var next = 0
        for place in 0..<(bytes.count / 4) {
            let start = Int(value(place &* 2))
            let end = start + Int(value(place &* 2 &+ 1))
            guard start >= next, end <= Int(UInt16.max) else { return nil }
            for value in start...end { words[value >> 6] |= 1 &<< UInt64(value & 63) }
            next = end + 1
        }
        let container = Container(words: words)
        return container.count == count ? container : nil
    }

    func contains(_ wanted: UInt16) -> Bool {
        if case .bits = form {
            return bytes[Int(wanted >> 3)] >> UInt8(wanted & 7) & 1 == 1
        }
        // Lists are runs of one value.
        let step = if case .list = form { 1 } else { 2 }
        var (low, high) = (0, bytes.count / (2 * step))
        while low < high {
            let middle = (low + high) / 2
            if value(middle * step) <= wanted { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return false }
        let start = value((low - 1) * step)
        return step == 1 ? start == wanted : wanted - start <= value((low - 1) * step + 1)
    }
}
