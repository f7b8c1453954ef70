// Text from arrays and arrays from text.

import StarlingErrors
import StarlingKernels
import StarlingTypes
import StarlingVectors

enum ArrayTexts {
    static let rows = [
        ScalarFunction(
            "array_join",
            summary: "Joins the elements of an array with a separator; NULLs are left out, or "
                + "written as a third argument says.",
            examples: [
                ("array_join([1, NULL, 3], '-')", "1-3"),
                ("array_join(['a', NULL], ',', '?')", "a,?"),
            ], nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...3, of: "array_join")
                _ = try arguments.element(0, "array_join")
                return FunctionSignature(
                    [.array(.string)] + arguments.types.dropFirst().map { _ in .string },
                    returns: .string)
            },
            evaluate: { invocation throws(StarlingError) in joined(invocation) }),
        ScalarFunction(
            "split", summary: "Cuts a string at each occurrence of a separator.",
            examples: [
                ("split('a,b,,c', ',')", "[\"a\",\"b\",\"\",\"c\"]"),
                ("split('ab', '')", "[\"a\",\"b\"]"),
            ],
            nullHandling: .handled,
            resolve: { arguments throws(StarlingError) in
                try arguments.expectCount(2...2, of: "split")
                for (position, type) in arguments.types.enumerated() where type.isNested {
                    throw arguments.mismatch(position, of: "split", expected: "a string")
                }
                return FunctionSignature([.string, .string], returns: .array(.string))
            },
            evaluate: { invocation throws(StarlingError) in split(invocation) }),
    ]

    static func joined(_ invocation: FunctionInvocation) -> Vector {
        let elements = ListElements(invocation.arguments[0])
        let parts = elements.parts[0].flattened()
        let texts = parts.pointer(to: StringReference.self)
        let others = invocation.arguments.dropFirst().map { DecodedVector($0) }
        let heap = StringHeap()
        var result = Vector(zeroed: .string, count: invocation.count)
        let target = result.pointer(to: StringReference.self)
        var text: [UInt8] = []
        for row in 0..<invocation.count {
            guard elements.lists.isValid(row), others.allSatisfy({ $0.isValid(row) }) else {
                result.setNull(row)
                continue
            }
            text.removeAll(keepingCapacity: true)
            var isFirst = true
            let start = Int(elements.ranges[row].offset)
            for element in start..<(start + Int(elements.ranges[row].count)) {
                guard parts.isValid(element) || others.count > 1 else { continue }
                if !isFirst { others[0].text(row).withBytes { text += $0 } }
                isFirst = false
                let value = parts.isValid(element) ? texts[element] : others[1].text(row)
                value.withBytes { text += $0 }
            }
            target[row] = heap.add(text)
        }
        result.owner = heap
        withExtendedLifetime((invocation, parts)) {}
        return result
    }

    private static func split(_ invocation: FunctionInvocation) -> Vector {
        let (texts, separators) = (
            DecodedVector(invocation.arguments[0]), DecodedVector(invocation.arguments[1])
        )
        let heap = StringHeap()
        var result = Vector(uninitialized: .list, count: invocation.count)
        let ranges = result.pointer(to: ListRange.self)
        var pieces: [StringReference] = []
        for row in 0..<invocation.count {
            let first = pieces.count
            if texts.isValid(row), separators.isValid(row) {
                let separator = separators.text(row).bytes
                texts.text(row).withBytes { text in
                    for piece in Self.pieces(of: text, separator) {
                        pieces.append(
                            piece.isEmpty
                                ? .empty
                                : heap.add(
                                    text.baseAddress.unsafelyUnwrapped + piece.lowerBound,
                                    count: piece.count))
                    }
                }
            } else {
                result.setNull(row)
            }
            ranges[row] = ListRange(
                offset: UInt32(truncatingIfNeeded: first),
                count: UInt32(truncatingIfNeeded: pieces.count - first))
        }
        var elements = Vector(uninitialized: .string, count: pieces.count)
        let target = elements.pointer(to: StringReference.self)
        for (position, piece) in pieces.enumerated() { target[position] = piece }
        elements.owner = heap
        result.children = NestedVectors([elements])
        withExtendedLifetime(invocation) {}
        return result
    }

    /// Finds the pieces between separators; without a separator each character is one.
    private static func pieces(
        of text: UnsafeRawBufferPointer, _ separator: [UInt8]
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        var place = 0
        if separator.isEmpty {
            while place < text.count {
                place += 1
                while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
                result.append(start..<place)
                start = place
            }
            return result
        }
        while place + separator.count <= text.count {
            var matched = 0
            while matched < separator.count, text[place + matched] == separator[matched] {
                matched += 1
            }
            if matched == separator.count {
                result.append(start..<place)
                place += separator.count
                start = place
            } else {
                place += 1
            }
        }
        return result + [start..<text.count]
    }
}
