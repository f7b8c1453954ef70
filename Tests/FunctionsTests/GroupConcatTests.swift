import Testing

import StarlingErrors
import StarlingFunctions
import StarlingMemory
import StarlingTypes
import StarlingVectors

struct GroupConcatTests {
    private func kernel() throws -> any AggregateKernel {
        let function = try #require(FunctionRegistry.builtin.aggregate("group_concat"))
        let signature = try function.resolve(
            ArgumentList(types: [.string, .string], constants: [nil, nil]))
        return try function.makeKernel(
            AggregateCallTypes(
                signature: signature, physicalTypes: [.string, .string], bounds: [nil, nil],
                rowCountMaximum: nil))
    }

    private func run(_ parts: [[String?]], separator: String) throws -> String? {
        let kernel = try kernel()
        let heap = StringHeap()
        let states = parts.map { _ in Buffer.zeroed(byteCount: kernel.stateByteCount) }
        for (part, state) in zip(parts, states) where !part.isEmpty {
            let values = part.map { $0.map { Value.text($0) } ?? .null }
            let arguments = [
                Vector(.string, values: values),
                Vector(constant: .text(separator), .string, count: part.count),
            ]
            try kernel.update(
                state: state.baseAddress, arguments: arguments, count: part.count, heap: heap)
        }
        for state in states.dropFirst() {
            try kernel.combine(
                targets: [states[0].baseAddress], sources: [state.baseAddress], offset: 0, count: 1,
                heap: heap)
        }
        let result = try kernel.finalize(groups: [states[0].baseAddress], offset: 0, count: 1)
        let text = result.value(at: 0).text
        withExtendedLifetime((heap, states)) {}
        return text
    }

    @Test func textsAreJoinedAcrossStates() throws {
        #expect(try run([["a", nil, "b"], [], ["c"]], separator: ", ") == "a, b, c")
        #expect(try run([[], ["x"]], separator: ", ") == "x")
        #expect(try run([[nil], [nil]], separator: ",") == nil)
        #expect(try run([["", ""]], separator: "") == "")
        #expect(try run([["", ""]], separator: "|") == "|")
    }

    @Test func longTextsAreKeptWhole() throws {
        let parts = (0..<5_000).map { String($0) }
        let text = try run([Array(parts[..<2_000]), Array(parts[2_000...])], separator: "; ")
        #expect(text == parts.joined(separator: "; "))
    }
}
