// Finds the functions of a file and counts their lines, from the one that names the function to the
// one that closes its body.
//
// 1. A word `func`, `init`, `deinit` or `subscript` at the beginning of a declaration opens one.
// 2. Parentheses and brackets of the signature are skipped as a whole.
// 3. The next `{` opens the body; a word that begins another declaration, or a `}`, says that there
//    is none (a protocol's requirement).
// 4. Braces are counted to the end of the body.

/// Holds the name, place and length of one function.
struct FunctionLengths {
    let name: String
    let line: Int
    let lineCount: Int

    static func measure(_ file: SourceFile) -> [FunctionLengths] {
        let tokens = tokenize(file)
        var functions: [FunctionLengths] = []
        for index in tokens.indices {
            guard let name = nameOfFunction(at: index, in: tokens),
                let body = startOfBody(after: index, in: tokens),
                let end = endOfBody(from: body, in: tokens)
            else { continue }
            let first = tokens[index].line
            let count = tokens[end].line - first + 1
            functions.append(FunctionLengths(name: name, line: first, lineCount: count))
        }
        return functions
    }

    private struct Token {
        let text: Substring
        let line: Int
    }

    /// Splits the code into words and single marks.
    private static func tokenize(_ file: SourceFile) -> [Token] {
        var tokens: [Token] = []
        for (number, line) in file.codeLines.enumerated() {
            var rest = line[...]
            while let first = rest.first {
                let isWord = first.isLetter || first.isNumber || first == "_"
                let end =
                    isWord
                    ? rest.firstIndex { !($0.isLetter || $0.isNumber || $0 == "_") }
                        ?? rest.endIndex
                    : rest.index(after: rest.startIndex)
                if first != " " { tokens.append(Token(text: rest[..<end], line: number + 1)) }
                rest = rest[end...]
            }
        }
        return tokens
    }

    private static func nameOfFunction(at index: Int, in tokens: [Token]) -> String? {
        let word = tokens[index].text
        guard index + 1 < tokens.count else { return nil }
        let isAfterDot = index > 0 && tokens[index - 1].text == "."
        switch word {
        case "func":
            return String(tokens[index + 1].text)
        case "init", "subscript", "deinit":
            let next = tokens[index + 1].text
            guard !isAfterDot, ["(", "<", "?", "!", "{"].contains(next) else { return nil }
            return String(word)
        default:
            return nil
        }
    }

    private static let declarationWords: Set<Substring> = [
        "func", "var", "let", "init", "deinit", "subscript", "static", "mutating", "case",
        "associatedtype", "typealias", "package", "public", "private", "fileprivate", "internal",
        "struct", "class", "enum", "extension", "protocol",
    ]

    private static func startOfBody(after index: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        // An operator's name may be any mark, so the walk begins after the name.
        for position in (index + 1)..<tokens.count {
            let text = tokens[position].text
            switch text {
            case "(", "[":
                depth += 1
            case ")", "]":
                depth -= 1
            case "{" where depth == 0:
                return position
            case "}" where depth == 0:
                return nil
            default:
                if depth == 0, position > index + 1, declarationWords.contains(text) { return nil }
            }
        }
        return nil
    }

    private static func endOfBody(from start: Int, in tokens: [Token]) -> Int? {
        var depth = 0
        for position in start..<tokens.count {
            if tokens[position].text == "{" { depth += 1 }
            if tokens[position].text == "}" {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }
}
