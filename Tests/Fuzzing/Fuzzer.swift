// What a fuzzer is: it makes an input from random numbers and tries it. An input is bytes, so that
// it can be kept in a file, and everything else that a fuzzer chooses follows from these bytes.

import StarlingTestSupport

/// Makes inputs and tries them; a crash or a thrown `FuzzFailure` is a finding.
package protocol Fuzzer: AnyObject, SendableMetatype {
    /// The word by which commands call it.
    static var name: String { get }
    /// One line about what it tries.
    static var summary: String { get }
    /// The rounds of the smoke run inside the tests.
    static var smokeRoundCount: Int { get }

    /// Prepares; `folder` is an empty folder for files.
    init(folder: String) throws

    func makeInput(_ chance: inout SeededGenerator) throws -> [UInt8]

    /// Tries an input; throws what is wrong.
    func run(_ input: [UInt8]) throws
}

/// Says what is wrong with what the engine made of an input.
package struct FuzzFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

extension SeededGenerator {
    /// Returns a number from 0 to below `bound`.
    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    package mutating func pick<Choices: RandomAccessCollection>(
        _ choices: Choices
    ) -> Choices.Element { choices.randomElement(using: &self)! }

    /// Makes choices that follow from an input.
    package init(following input: [UInt8]) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in input { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        self.init(seed: hash)
    }
}
