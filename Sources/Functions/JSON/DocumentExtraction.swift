// Calls that read one place of a document, taken apart into the keys that lead there and what is made of
// the value: tables that store paths as columns answer them without the document.

import StarlingDocuments
import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

/// Is a call over a column of documents with a constant path that begins with keys.
package struct DocumentExtraction: Sendable {
    /// Says what is made of the value.
    package enum Meaning: Sendable {
        case value, text, whole, floating, truth, day, moment, elements, other
    }

    package typealias Computation =
        @Sendable (Vector, PhysicalType) throws(StarlingError) -> Vector

    package let keys: [[UInt8]]
    /// The keys that lead on from elements of an array there; of other members of these nothing is
    /// asked.
    package let keysInElements: [[UInt8]]
    /// The elements of an array there that matter; of others no more than that they are there.
    package let elementsRead: Range<Int>
    /// True where the value is an element as it is, so that keys that follow lead on from it.
    private let endsAtElement: Bool
    package let meaning: Meaning
    package let type: LogicalType
    /// False where a document without the value gives 0 in place of NULL.
    package let isNullWhereAbsent: Bool
    package let ofDocuments: Computation
    /// Computes the result from the values that the keys lead to.
    package let ofValues: Computation
    /// What reads the column where the value in front of the last path may be an array, of whose
    /// elements the path would be asked.
    package let throughArrays: [DocumentExtraction]

    private static let meanings: [String: Meaning] = [
        "json_query": .value, "get_json_string": .text, "get_json_scalar": .text,
        "get_json_int": .whole, "get_json_double": .floating, "get_json_bool": .truth,
        "json_exists": .other, "json_length": .other, "json_keys": .other,
    ]

    /// Functions that ask no element of an array for what it is.
    private static let counting: Set<String> = ["json_exists", "json_length"]

    /// Takes a call with a path apart; nil where the path begins with no key, or for other calls.
    package init?(
        _ function: ScalarFunction, _ signature: FunctionSignature, path text: [UInt8],
        _ session: SessionValues
    ) {
        guard let meaning = Self.meanings[function.name],
            signature.argumentTypes == [.json, .string], let path = DocumentPath(text),
            !path.leadingKeys.isEmpty, let rest = path.textBehindLeadingKeys
        else { return nil }
        keys = path.leadingKeys
        keysInElements = path.keysInElements
        endsAtElement = meaning == .value && path.endsAtElement
        let isWhole = rest == [UInt8(ascii: "$")]
        let isCounted = isWhole && Self.counting.contains(function.name)
        elementsRead = isCounted ? 0..<0 : path.elementsRead
        self.meaning = isWhole ? meaning : .other
        type = signature.resultType
        isNullWhereAbsent = function.name != "json_exists" && function.name != "json_length"
        throughArrays = []
        ofDocuments = Self.call(function, signature, text, session)
        if isWhole, meaning == .value {
            ofValues = { (values, _) throws(StarlingError) in values }
        } else {
            ofValues = Self.call(function, signature, rest, session)
        }
    }

    /// Takes a call over what another one gives as JSON apart, such as `j -> 'a' ->> 'b'`; nil for
    /// calls that tell what is not there from a document without it.
    package init?(
        _ inner: DocumentExtraction, in function: ScalarFunction, _ signature: FunctionSignature,
        path text: [UInt8], _ session: SessionValues
    ) {
        guard inner.type == .json, inner.isNullWhereAbsent, inner.throughArrays.isEmpty,
            let meaning = Self.meanings[function.name], meaning != .other,
            signature.argumentTypes == [.json, .string], let path = DocumentPath(text),
            let rest = path.textBehindLeadingKeys
        else { return nil }
        let outer = Self.call(function, signature, text, session)
        let ofDocuments = Self.composed(outer, inner.ofDocuments)
        self.ofDocuments = ofDocuments
        type = signature.resultType
        isNullWhereAbsent = true
        guard inner.meaning == .value else {
            keys = inner.keys
            let leadsOn = inner.endsAtElement && meaning == .value
            keysInElements = leadsOn ? path.leadingKeys : inner.keysInElements
            elementsRead = inner.elementsRead
            endsAtElement = false
            self.meaning = .other
            ofValues = Self.composed(outer, inner.ofValues)
            throughArrays = []
            return
        }
        keys = inner.keys + path.leadingKeys
        keysInElements = path.keysInElements
        elementsRead = path.elementsRead
        endsAtElement = meaning == .value && path.endsAtElement
        let isWhole = rest == [UInt8(ascii: "$")]
        self.meaning = isWhole ? meaning : .other
        if isWhole, meaning == .value {
            ofValues = { (values, _) throws(StarlingError) in values }
        } else {
            ofValues = Self.call(function, signature, rest, session)
        }
        throughArrays =
            path.startsWithKey && function.name == "get_json_string"
            ? [
                DocumentExtraction(
                    keys: inner.keys, type: type, ofDocuments: ofDocuments, ofValues: outer)
            ] : []
    }

    private init(
        keys: [[UInt8]], type: LogicalType, ofDocuments: @escaping Computation,
        ofValues: @escaping Computation
    ) {
        self.keys = keys
        keysInElements = []
        elementsRead = 0..<Int.max
        endsAtElement = false
        meaning = .other
        self.type = type
        isNullWhereAbsent = true
        self.ofDocuments = ofDocuments
        self.ofValues = ofValues
        throughArrays = []
    }

    /// Takes a cast of what a call gives as JSON apart, or of a text to DATE or DATETIME; nil for types
    /// that it does not read.
    package init?(_ inner: DocumentExtraction, castTo type: LogicalType) {
        guard inner.isNullWhereAbsent, let meaning = inner.meaning(ofCastTo: type) else {
            return nil
        }
        keys = inner.keys
        keysInElements = inner.keysInElements
        elementsRead = inner.elementsRead
        endsAtElement = false
        self.meaning = meaning
        self.type = type
        isNullWhereAbsent = true
        throughArrays = []
        ofDocuments = Self.cast(inner.ofDocuments, from: inner.type, to: type)
        ofValues = Self.cast(inner.ofValues, from: inner.type, to: type)
    }

    private func meaning(ofCastTo type: LogicalType) -> Meaning? {
        if self.type == .json {
            guard let cast = type.meaningOfCast else { return nil }
            return meaning == .value ? cast : .other
        }
        guard meaning == .text, throughArrays.isEmpty else { return nil }
        return type == .date ? .day : type == .datetime ? .moment : nil
    }

    private static func cast(
        _ computation: @escaping Computation, from source: LogicalType, to type: LogicalType
    ) -> Computation {
        { (values, layout) throws(StarlingError) in
            let found = try computation(values, .string)
            if source == .json { return DocumentConversion.fromJSON(found, to: type, layout) }
            guard let result = found.read(as: type, layout: layout) else {
                throw StarlingError(.internal, "texts are not read as \(type)")
            }
            return result
        }
    }

    /// Computes JSON with one call and what is asked for from that with another.
    private static func composed(
        _ outer: @escaping Computation, _ inner: @escaping Computation
    ) -> Computation {
        { (documents, layout) throws(StarlingError) in
            try outer(try inner(documents, .string), layout)
        }
    }

    /// The keys as a path: `a.b."c.d"`, `a[*].b`.
    package var title: String {
        pathText(keys) + (keysInElements.isEmpty ? "" : "[*]." + pathText(keysInElements))
    }

    /// The keys that a path leads along, all of it, in a call that gives a value or its text.
    package static func keys(to path: [UInt8], in function: ScalarFunction) -> [[UInt8]]? {
        guard let meaning = meanings[function.name], meaning == .value || meaning == .text,
            let path = DocumentPath(path), path.textBehindLeadingKeys == [UInt8(ascii: "$")]
        else { return nil }
        return path.leadingKeys
    }

    private static func call(
        _ function: ScalarFunction, _ signature: FunctionSignature, _ path: [UInt8],
        _ session: SessionValues
    ) -> Computation {
        { (documents, layout) throws(StarlingError) in
            let documents = documents.flattened()
            let paths = Vector(constant: .bytes(path), .string, count: documents.count)
            var result = try function.evaluate(
                FunctionInvocation(
                    arguments: [documents, paths], signature: signature,
                    resultPhysicalType: layout, count: documents.count, session: session)
            ).flattened()
            result.validity = Validity.intersection(
                result.validity, documents.validity, count: documents.count)
            result.clearStringsUnderNulls()
            return result
        }
    }
}

extension LogicalType {
    /// What a cast from JSON to the type reads; nil where it is left to the cast.
    fileprivate var meaningOfCast: DocumentExtraction.Meaning? {
        switch self {
        case .tinyint, .smallint, .int, .bigint, .largeint: .whole
        case .double: .floating
        case .boolean: .truth
        case .varchar(length: nil): .text
        case .date, .datetime, .decimal: .other
        case .array(let element): element.isRead ? .elements : nil
        default: nil
        }
    }

    /// True for elements of arrays that a cast reads.
    private var isRead: Bool {
        if case .array(let element) = self { element.isRead } else { meaningOfCast != nil }
    }
}
