// The loops of functions over documents: what lies at a path of each row is found in the text and
// handed to an operation. A constant path is compiled once.

import StarlingDocuments
import StarlingErrors
import StarlingTypes
import StarlingVectors

/// Computes a number or a truth from a document and a path.
protocol PathMeasure: Sendable {
    associatedtype Output: BitwiseCopyable
    static func measure(_ document: DocumentValue, at path: borrowing DocumentPath) -> Output?
    /// What a path that is none gives.
    static var withoutPath: Output? { get }
}

/// Computes a number or a truth from a value in a document.
protocol DocumentMeasure: PathMeasure {
    static func measure(_ value: DocumentValue) -> Output?
}

extension DocumentMeasure {
    static var withoutPath: Output? { nil }

    @inline(__always)
    static func measure(_ document: DocumentValue, at path: borrowing DocumentPath) -> Output? {
        path.find(in: document).flatMap { measure($0) }
    }
}

/// Knows the path of each row, and the root where the call gives none.
struct RowPaths {
    private let constant: DocumentPath?
    private let texts: DecodedVector?
    private var recent: [[UInt8]: DocumentPath?] = [:]

    init(_ vector: Vector?) {
        guard let vector else {
            constant = .root
            texts = nil
            return
        }
        if vector.isConstant {
            constant =
                vector.isValid(0)
                ? DocumentPath(vector.pointer(to: StringReference.self)[0].bytes) : nil
            texts = nil
        } else {
            constant = nil
            texts = DecodedVector(vector)
        }
    }

    /// The path that all rows share.
    var shared: DocumentPath? { constant }

    /// Gives the row's path; nil where its text is none.
    @inline(__always)
    mutating func path(_ row: Int) -> DocumentPath? {
        guard let texts else { return constant }
        return varying(texts.text(row).bytes)
    }

    private mutating func varying(_ text: [UInt8]) -> DocumentPath? {
        if let found = recent[text] { return found }
        let made = DocumentPath(text)
        if recent.count >= 64 { recent.removeAll() }
        recent[text] = made
        return made
    }
}

/// Measures each row's document at its path.
@inline(never)
func measuredDocuments<Operation: PathMeasure>(
    _ operation: Operation.Type, _ invocation: FunctionInvocation, as type: PhysicalType
) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let documents = DecodedVector(invocation.arguments[0])
    var paths = RowPaths(invocation.arguments.count > 1 ? invocation.arguments[1] : nil)
    var result = Vector(zeroed: type, count: count)
    let output = result.pointer(to: Operation.Output.self)
    let shared = paths.shared
    for row in 0..<count where valid.contains(row) {
        let value =
            if let shared {
                measured(operation, documents.text(row), shared)
            } else if let path = paths.path(row) {
                measured(operation, documents.text(row), path)
            } else {
                operation.withoutPath
            }
        if let value {
            output[row] = value
        } else {
            result.setNull(row)
        }
    }
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

@inline(__always)
private func measured<Operation: PathMeasure>(
    _ operation: Operation.Type, _ text: StringReference, _ path: borrowing DocumentPath
) -> Operation.Output? {
    text.withBytes { bytes in
        guard let document = DocumentValue(bytes) else { return nil }
        return Operation.measure(document, at: path)
    }
}

/// Computes a text from a document and a path.
protocol DocumentTextOperation: Sendable {
    /// Gives bytes of the document where it can; else writes into `output`, which is empty.
    func text(
        of document: DocumentValue, at path: DocumentPath, _ writer: inout DocumentWriter,
        to output: inout [UInt8]
    ) -> DocumentText
}

@inline(__always)
private func written<Operation: DocumentTextOperation>(
    _ operation: Operation, _ text: StringReference, _ path: borrowing DocumentPath,
    _ writer: inout DocumentWriter, _ bytes: inout [UInt8], _ heap: StringHeap
) -> StringReference? {
    text.withBytes { text in
        guard let document = DocumentValue(text) else { return nil }
        switch operation.text(of: document, at: path, &writer, to: &bytes) {
        case .part(let part): return StringReference(part)
        case .written: return heap.add(bytes)
        case .none: return nil
        }
    }
}

/// Writes the text at each row's path. Parts of documents keep pointing into them.
@inline(never)
func documentTexts<Operation: DocumentTextOperation>(
    _ operation: Operation, _ invocation: FunctionInvocation
) -> Vector {
    let isConstant = invocation.arguments.allSatisfy(\.isConstant)
    let count = isConstant ? 1 : invocation.count
    let valid = RowsWithValues(invocation.arguments, count: count)
    let documents = DecodedVector(invocation.arguments[0])
    var paths = RowPaths(invocation.arguments.count > 1 ? invocation.arguments[1] : nil)
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    let heap = StringHeap()
    var writer = DocumentWriter()
    var bytes: [UInt8] = []
    let shared = paths.shared
    for row in 0..<count where valid.contains(row) {
        let document = documents.text(row)
        bytes.removeAll(keepingCapacity: true)
        let text =
            if let shared {
                written(operation, document, shared, &writer, &bytes, heap)
            } else if let path = paths.path(row) {
                written(operation, document, path, &writer, &bytes, heap)
            } else {
                StringReference?.none
            }
        if let text {
            output[row] = text
        } else {
            result.setNull(row)
        }
    }
    result.owner = OwnerList.joining(heap, invocation.arguments[0].owner)
    withExtendedLifetime(invocation) {}
    if isConstant { result.makeConstant(count: invocation.count) }
    return result
}

/// Writes a document a row and brings it into form; NULL where nothing is written, or no JSON.
func writtenDocuments(count: Int, _ write: (Int, inout [UInt8]) -> Bool) -> Vector {
    var result = Vector(zeroed: .string, count: count)
    let output = result.pointer(to: StringReference.self)
    let heap = StringHeap()
    var writer = DocumentWriter()
    var raw: [UInt8] = []
    var bytes: [UInt8] = []
    for row in 0..<count {
        raw.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        if write(row, &raw), raw.withUnsafeBytes({ writer.append($0, to: &bytes) }) {
            output[row] = heap.add(bytes)
        } else {
            result.setNull(row)
        }
    }
    result.owner = heap
    return result
}

extension StringReference {
    /// Refers to bytes, of which there may be none.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        if let base = bytes.baseAddress, !bytes.isEmpty {
            self.init(base, count: bytes.count)
        } else {
            self = .empty
        }
    }
}
