// A part is named with five different colors: the first five of a shuffled list. The list is
// shuffled only that far, and set right again for the next name.

import StarlingVectors

/// Makes the names of parts.
enum PartName {
    static let colors = """
        almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood \
        burnished chartreuse chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim \
        dodger drab firebrick floral forest frosted gainsboro ghost goldenrod green grey honeydew \
        hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon medium \
        metallic midnight mint misty moccasin navajo navy olive orange orchid pale papaya peach \
        peru pink plum powder puff purple red rose rosy royal saddle salmon sandy seashell sienna \
        sky slate smoke snow spring steel tan thistle tomato turquoise violet wheat white yellow
        """.split(separator: " ").map { Array($0.utf8) }

    private static let wordCount = 5
    private static let seed: UInt32 = 709_314_158

    static func strings(_ window: PositionWindow) -> Vector {
        let colors = Self.colors
        let states = window.states(seed: seed, usesPerPosition: colors.count)
        let ranges = (0..<wordCount).map { UniformRange($0, colors.count - 1) }
        let byteCountMax = (colors.map(\.count).max() ?? 0) * wordCount + wordCount
        var order = Array(colors.indices)
        var swaps = [Int](repeating: 0, count: wordCount)

        return Vector(stringCount: states.count, byteCountMax: byteCountMax) { row, target in
            var state = states[row]
            var byteCount = 0
            for word in 0..<wordCount {
                let other = Int(ranges[word].value(state))
                state = RandomStream.next(state)
                order.swapAt(word, other)
                swaps[word] = other

                if word > 0 {
                    target[byteCount] = UInt8(ascii: " ")
                    byteCount += 1
                }
                for byte in colors[order[word]] {
                    target[byteCount] = byte
                    byteCount += 1
                }
            }
            for word in (0..<wordCount).reversed() { order.swapAt(word, swaps[word]) }
            return byteCount
        }
    }
}
