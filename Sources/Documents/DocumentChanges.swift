// Documents with a value set or taken away: what lies on the way to it is written anew, all else
// copied. The result is JSON but perhaps not canonical; whoever asked brings it into form.

package enum DocumentChange {
    case set(UnsafeRawBufferPointer)
    /// Sets the value and makes the objects that are missing on the way.
    case create(UnsafeRawBufferPointer)
    case remove

    fileprivate var value: UnsafeRawBufferPointer? {
        switch self {
        case .set(let value), .create(let value): value
        case .remove: nil
        }
    }

    fileprivate var makesObjects: Bool { if case .create = self { true } else { false } }
}

extension DocumentPath {
    /// Appends a document as the change leaves it; as it is, where the path leads nowhere or to
    /// more than one place.
    package func append(
        _ document: DocumentValue, changed change: DocumentChange, to output: inout [UInt8]
    ) {
        guard isSingle, !(isRoot && change.value == nil) else {
            output.append(contentsOf: document.bytes)
            return
        }
        append(document, change, step: 0, to: &output)
    }

    private func append(
        _ document: DocumentValue, _ change: DocumentChange, step: Int, to output: inout [UInt8]
    ) {
        guard step < steps.count else {
            output.append(contentsOf: change.value ?? document.bytes)
            return
        }
        switch steps[step] {
        case .key(let start, let count) where document.kind == .object:
            let key = Array(keys[start..<(start + count)])
            appendObject(document, key, change, step: step, to: &output)
        case .element(let index) where document.kind == .array:
            appendArray(document, index, change, step: step, to: &output)
        default: output.append(contentsOf: document.bytes)
        }
    }

    private func appendObject(
        _ object: DocumentValue, _ key: [UInt8], _ change: DocumentChange, step: Int,
        to output: inout [UInt8]
    ) {
        let isLast = step == steps.count - 1
        output.append(UInt8(ascii: "{"))
        let start = output.count
        var parts = DocumentParts(object)
        var isFound = false
        while let part = parts.next() {
            var name: [UInt8] = []
            part.appendKey(to: &name)
            let isWanted = name == key && !isFound
            if isWanted { isFound = true }
            if isWanted, isLast, change.value == nil { continue }
            if output.count > start { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: part.key)
            output += [UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: " ")]
            if isWanted {
                append(part.value, change, step: step + 1, to: &output)
            } else {
                output.append(contentsOf: part.value.bytes)
            }
        }
        if !isFound, let value = change.value, isLast || change.makesObjects,
            let tail = madeObjects(from: step + 1, value)
        {
            if output.count > start { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            key.withUnsafeBytes { appendQuoted($0, to: &output) }
            output += [UInt8(ascii: ":"), UInt8(ascii: " ")] + tail
        }
        output.append(UInt8(ascii: "}"))
    }

    private func appendArray(
        _ array: DocumentValue, _ wanted: Int, _ change: DocumentChange, step: Int,
        to output: inout [UInt8]
    ) {
        let isLast = step == steps.count - 1
        output.append(UInt8(ascii: "["))
        let start = output.count
        var parts = DocumentParts(array)
        var index = 0
        while let part = parts.next() {
            defer { index += 1 }
            if index == wanted, isLast, change.value == nil { continue }
            if output.count > start { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            if index == wanted {
                append(part.value, change, step: step + 1, to: &output)
            } else {
                output.append(contentsOf: part.value.bytes)
            }
        }
        // A place behind the end is the next one.
        if wanted >= index, let value = change.value, isLast || change.makesObjects,
            let tail = madeObjects(from: step + 1, value)
        {
            if output.count > start { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            output += tail
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Wraps a value into the objects that the steps from `step` on ask for.
    private func madeObjects(from step: Int, _ value: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        for step in steps[step...] {
            guard case .key(let start, let count) = step else { return nil }
            result.append(UInt8(ascii: "{"))
            keys[start..<(start + count)].withUnsafeBytes { appendQuoted($0, to: &result) }
            result += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        }
        result.append(contentsOf: value)
        for _ in steps[step...] { result.append(UInt8(ascii: "}")) }
        return result
    }
}
