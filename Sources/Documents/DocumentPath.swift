// Paths into documents, as StarRocks writes them: `$.a.b[0]`, `a.b` for short, `"a.b"` or `a\.b`
// for a key with a point in it, `[*]` and `.*` for all, `[1:3]` for some, `[?(@.a > 1)]` for those
// that meet a condition. `..` looks for what follows at any depth, which StarRocks does not know. A
// path is compiled once and then walked over many documents.

import CPlatform

/// Holds a compiled path.
package struct DocumentPath: Sendable {
    enum Step: Sendable {
        /// The member whose key lies here in `keys`.
        case key(start: Int, count: Int)
        case element(Int)
        case allElements
        case allMembers
        /// The value itself and all that lies in it, outer before inner (RFC 9535, 2.5.2).
        case descendants
        case slice(Range<Int>)
        case filter(DocumentCondition)
    }

    /// A step of a path that leads to one value at most: a key in `keys`, or with a `start` of -1
    /// an element's number.
    private struct SingleStep: Sendable {
        var start: Int
        var count: Int
    }

    private(set) var steps: [Step] = []
    private var singleSteps: [SingleStep] = []
    private(set) var keys: [UInt8] = []
    /// True where at most one value is found.
    package private(set) var isSingle = true

    /// Leads to the document itself.
    package static let root = DocumentPath()

    init() {}

    package var isRoot: Bool { steps.isEmpty }

    /// True where the first step goes into an object.
    package var startsWithKey: Bool {
        if case .key = steps.first { true } else { false }
    }

    mutating func append(_ step: Step) {
        steps.append(step)
        switch step {
        case .key(let start, let count):
            singleSteps.append(SingleStep(start: start, count: count))
        case .element(let index): singleSteps.append(SingleStep(start: -1, count: index))
        default: isSingle = false
        }
    }

    mutating func append(key: [UInt8]) {
        append(.key(start: keys.count, count: key.count))
        keys += key
    }

    // MARK: Walking

    /// Finds the value of a path that leads to one at most.
    package func find(in document: DocumentValue) -> DocumentValue? {
        if singleSteps.isEmpty { return document }
        let text = document.bytes.baseAddress.unsafelyUnwrapped
            .assumingMemoryBound(to: UInt8.self)
        let end = document.bytes.count
        var place = 0
        keys.withUnsafeBytes { keys in
            withBase(keys) { base in
                for step in singleSteps where place != noDocumentPlace {
                    place =
                        step.start < 0
                        ? starling_find_element(text, place, end, step.count)
                        : starling_find_member(text, place, end, base + step.start, step.count)
                }
            }
        }
        return document.value(at: place)
    }

    /// Looks at what several values at once may lead to: with `..` in a path these may be as many as a
    /// document's values to the power of the steps.
    private struct Walk {
        /// More values are not looked at.
        private static let visitMaximum = 1 << 24

        private var visitsLeft = visitMaximum

        /// Counts a value, and tells whether there is room for what it leads to in one document.
        mutating func goesOn(_ output: [UInt8]) -> Bool {
            visitsLeft -= 1
            return visitsLeft > 0 && output.count <= DocumentWriter.byteMaximum
        }

        /// True where not all was looked at.
        func isCutOff(_ output: [UInt8]) -> Bool {
            visitsLeft <= 0 || output.count > DocumentWriter.byteMaximum
        }
    }

    /// Appends an array of all that a path leads to; returns false where it leads nowhere, or to more
    /// than one document can hold.
    package func appendAll(of document: DocumentValue, to output: inout [UInt8]) -> Bool {
        var walk = Walk()
        return appendFound(from: document, step: 0, &walk, to: &output) && !walk.isCutOff(output)
    }

    private func appendFound(
        from document: DocumentValue, step: Int, _ walk: inout Walk, to output: inout [UInt8]
    ) -> Bool {
        guard step < steps.count else {
            output.append(contentsOf: document.bytes)
            return true
        }
        guard walk.goesOn(output) else { return false }
        switch steps[step] {
        case .key, .element:
            guard let next = single(step, of: document) else { return false }
            return appendFound(from: next, step: step + 1, &walk, to: &output)
        case .descendants:
            output.append(UInt8(ascii: "["))
            appendFlat(
                from: document, step: step, depth: 0, after: output.count, &walk, to: &output)
            output.append(UInt8(ascii: "]"))
            return true
        default: return appendParts(of: document, step: step, &walk, to: &output)
        }
    }

    /// Gives the one value that a key or an element's number leads to.
    private func single(_ step: Int, of document: DocumentValue) -> DocumentValue? {
        switch steps[step] {
        case .key(let start, let count) where document.kind == .object:
            keys.withUnsafeBytes { keys in
                document.member(UnsafeRawBufferPointer(rebasing: keys[start..<start + count]))
            }
        case .element(let index) where document.kind == .array: document.element(index)
        default: nil
        }
    }

    private func appendParts(
        of document: DocumentValue, step: Int, _ walk: inout Walk, to output: inout [UInt8]
    ) -> Bool {
        guard hasParts(document, step) else { return false }
        output.append(UInt8(ascii: "["))
        var isFirst = true
        forEachPart(of: document, takenBy: step) { value in
            let start = output.count
            if !isFirst { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            if appendFound(from: value, step: step + 1, &walk, to: &output) {
                isFirst = false
            } else {
                output.removeLast(output.count - start)
            }
        }
        output.append(UInt8(ascii: "]"))
        return true
    }

    /// Appends all that the steps from `step` on lead to as elements of the array that begins at
    /// `start` of the output. What lies deeper than documents may be is not looked at.
    private func appendFlat(
        from document: DocumentValue, step: Int, depth: Int, after start: Int,
        _ walk: inout Walk, to output: inout [UInt8]
    ) {
        guard walk.goesOn(output) else { return }
        guard step < steps.count else {
            if output.count > start { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            output.append(contentsOf: document.bytes)
            return
        }
        switch steps[step] {
        case .key, .element:
            guard let next = single(step, of: document) else { return }
            appendFlat(
                from: next, step: step + 1, depth: depth + 1, after: start, &walk, to: &output)
        case .descendants:
            appendFlat(
                from: document, step: step + 1, depth: depth, after: start, &walk, to: &output)
            guard depth < DocumentWriter.depthMaximum else { return }
            forEachPart(of: document, takenBy: nil) {
                appendFlat(
                    from: $0, step: step, depth: depth + 1, after: start, &walk, to: &output)
            }
        default:
            guard hasParts(document, step) else { return }
            forEachPart(of: document, takenBy: step) {
                appendFlat(
                    from: $0, step: step + 1, depth: depth + 1, after: start, &walk, to: &output)
            }
        }
    }

    /// Tells whether a step that leads to several values looks into such a document.
    private func hasParts(_ document: DocumentValue, _ step: Int) -> Bool {
        let wantsObject = if case .allMembers = steps[step] { true } else { false }
        return document.kind == (wantsObject ? .object : .array)
    }

    private func forEachPart(
        of document: DocumentValue, takenBy step: Int?, _ visit: (DocumentValue) -> Void
    ) {
        guard document.isContainer else { return }
        var parts = DocumentParts(document)
        var index = 0
        while let part = parts.next() {
            if step.map({ takes(part.value, at: index, $0) }) ?? true { visit(part.value) }
            index += 1
        }
    }

    private func takes(_ value: DocumentValue, at index: Int, _ step: Int) -> Bool {
        switch steps[step] {
        case .slice(let range): range.contains(index)
        case .filter(let condition): condition.holds(for: value)
        default: true
        }
    }

    /// Tells whether the path leads to anything.
    package func leads(in document: DocumentValue) -> Bool {
        if isSingle { return find(in: document) != nil }
        var found: [UInt8] = []
        _ = appendAll(of: document, to: &found)
        return found.count > 2
    }
}
