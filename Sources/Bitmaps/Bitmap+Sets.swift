// Set operations of whole bitmaps: containers of the same key meet, others stay or go.

extension Bitmap {
    package mutating func formUnion(_ other: Bitmap) { form(SetUnion.self, other) }
    package mutating func formIntersection(_ other: Bitmap) { form(SetIntersection.self, other) }
    package mutating func subtract(_ other: Bitmap) { form(SetDifference.self, other) }

    package mutating func formSymmetricDifference(_ other: Bitmap) {
        form(SetSymmetricDifference.self, other)
    }

    private mutating func form<Operation: SetOperation>(
        _ operation: Operation.Type, _ other: Bitmap
    ) {
        if Operation.keepsLeft, Operation.keepsRight, Operation.keepsBoth,
            insertAll(of: other)
        {
            return
        }
        var result = Bitmap()
        var (i, j) = (0, 0)
        while i < keys.count, j < other.keys.count {
            if keys[i] < other.keys[j] {
                if Operation.keepsLeft { result.append(keys[i], containers[i]) }
                i += 1
            } else if other.keys[j] < keys[i] {
                if Operation.keepsRight { result.append(other.keys[j], other.containers[j]) }
                j += 1
            } else {
                var container = Container()
                swap(&container, &containers[i])
                container.form(operation, other.containers[j])
                result.append(keys[i], container)
                i += 1
                j += 1
            }
        }
        if Operation.keepsLeft {
            for number in i..<max(i, keys.count) { result.append(keys[number], containers[number]) }
        }
        if Operation.keepsRight {
            for number in j..<max(j, other.keys.count) {
                result.append(other.keys[number], other.containers[number])
            }
        }
        self = result
    }

    /// Adds the values of a bitmap all of whose containers have counterparts here, in place;
    /// returns false where one has none.
    private mutating func insertAll(of other: Bitmap) -> Bool {
        if other.keys.count > keys.count { return false }
        for key in other.keys where !place(of: key).isThere { return false }
        for (key, container) in zip(other.keys, other.containers) {
            containers[place(of: key).place].form(SetUnion.self, container)
        }
        return true
    }

    /// Tells whether a value is in both bitmaps.
    package func intersects(_ other: Bitmap) -> Bool {
        var (i, j) = (0, 0)
        while i < keys.count, j < other.keys.count {
            if keys[i] < other.keys[j] {
                i += 1
            } else if other.keys[j] < keys[i] {
                j += 1
            } else {
                if containers[i].intersects(other.containers[j]) { return true }
                i += 1
                j += 1
            }
        }
        return false
    }
}
