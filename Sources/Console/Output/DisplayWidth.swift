// How many columns of a terminal a text takes: wide characters of East Asia and pictures take two,
// accents none.

package func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + $1.displayWidth }
}

/// Cuts a text to a width; what is cut ends with an ellipsis.
package func shortened(_ text: String, to width: Int) -> String {
    guard displayWidth(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
        let own = character.displayWidth
        if used + own > width - 1 { break }
        result.append(character)
        used += own
    }
    return result + "…"
}

extension Character {
    package var displayWidth: Int {
        if isASCII { return 1 }
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default: break
        }
        // A picture, or a sign that the variation selector turns into one.
        if scalar.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") {
            return 2
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
