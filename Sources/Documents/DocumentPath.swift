// Paths into documents, as StarRocks writes them: `$.a.b[0]`, `a.b` for short, `"a.b"` or `a\.b`
// for a key with a point in it, `[*]` and `.*` for all, `[1:3]` for some, `[?(@.a > 1)]` for those
// that meet a condition. A path is compiled once and then walked over many documents.

import CPlatform

/// Holds a compiled path.
package struct DocumentPath: Sendable {
    enum Step: Sendable {
        /// The member whose key lies here in `keys`.
        case key(start: Int, count: Int)
        case element(Int)
        case allElements
        case allMembers
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

    /// Appends an array of all that a path leads to; returns false where it leads nowhere.
    package func appendAll(of document: DocumentValue, to output: inout [UInt8]) -> Bool {
        appendFound(from: document, step: 0, to: &output)
    }

    private func appendFound(
        from document: DocumentValue, step: Int, to output: inout [UInt8]
    ) -> Bool {
        guard step < steps.count else {
            output.append(contentsOf: document.bytes)
            return true
        }
        let next: DocumentValue?
        switch steps[step] {
        case .key(let start, let count):
            next = keys.withUnsafeBytes { keys in
                document.kind == .object
                    ? document.member(UnsafeRawBufferPointer(rebasing: keys[start..<start + count]))
                    : nil
            }
        case .element(let index): next = document.kind == .array ? document.element(index) : nil
        default: return appendParts(of: document, step: step, to: &output)
        }
        guard let next else { return false }
        return appendFound(from: next, step: step + 1, to: &output)
    }

    private func appendParts(
        of document: DocumentValue, step: Int, to output: inout [UInt8]
    ) -> Bool {
        let wantsObject = if case .allMembers = steps[step] { true } else { false }
        guard document.kind == (wantsObject ? .object : .array) else { return false }
        output.append(UInt8(ascii: "["))
        var parts = DocumentParts(document)
        var index = 0
        var isFirst = true
        while let part = parts.next() {
            defer { index += 1 }
            guard takes(part.value, at: index, step) else { continue }
            let start = output.count
            if !isFirst { output += [UInt8(ascii: ","), UInt8(ascii: " ")] }
            if appendFound(from: part.value, step: step + 1, to: &output) {
                isFirst = false
            } else {
                output.removeLast(output.count - start)
            }
        }
        output.append(UInt8(ascii: "]"))
        return true
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
        return appendAll(of: document, to: &found) && found.count > 2
    }
}
