// Unicode's normalization forms (Unicode Standard Annex #15): texts that people take for the same get the
// same characters. The canonical forms are the standard library's. The compatibility forms are those of a
// text in which what only looks different, such as ﬁ and Ａ, stands as what it means.

@_spi(_Unicode) import Swift

package enum UnicodeForm: String, Sendable, Hashable, CaseIterable {
    case nfc, nfd, nfkc, nfkd

    /// Brings a text into the form; nil where nothing has to be done, and for bytes that are no text.
    package func normalized(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var every: UInt8 = 0
        for byte in text { every |= byte }
        guard every >= 0x80, var string = String(validating: text, as: UTF8.self) else {
            return nil
        }
        if self == .nfkc || self == .nfkd { string = Self.compatible(string) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        switch self {
        case .nfc, .nfkc:
            for scalar in string._nfc { result.append(contentsOf: UTF8.encode(scalar)!) }
        case .nfd, .nfkd:
            for scalar in string._nfd { result.append(contentsOf: UTF8.encode(scalar)!) }
        }
        return result.elementsEqual(text) ? nil : result
    }

    private static func compatible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let meant = meanings[scalar.value] {
                result.append(contentsOf: meant)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static let meanings = readMeanings()

    /// Reads the table: `FB01=66.69 FF01-FF5E=21`.
    private static func readMeanings() -> [UInt32: [Unicode.Scalar]] {
        func number(_ text: Substring) -> UInt32 { UInt32(text, radix: 16) ?? 0 }
        var result: [UInt32: [Unicode.Scalar]] = [:]
        for entry in CompatibilityTable.text.split(separator: " ") {
            let sides = entry.split(separator: "=")
            let codes = sides[0].split(separator: "-").map(number)
            let meant = sides[1].split(separator: ".").map(number)
            for code in codes[0]...codes[codes.count - 1] {
                // Of a run each character means the one as far from the first.
                let shift = code - codes[0]
                result[code] = meant.compactMap { Unicode.Scalar($0 + shift) }
            }
        }
        return result
    }
}
