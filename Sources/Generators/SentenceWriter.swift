// Expands the grammar into raw memory. Every choice takes one state of the stream; tables are flat
// arrays of pointers, so that a word costs a multiplication, a load and a store.

/// Writes sentences one after the other.
///
/// The pointers lead into tables that live as long as the process.
struct SentenceWriter {
    private struct Choices {
        let entries: UnsafePointer<SIMD16<UInt8>>
        let count: UInt64

        init(_ table: WordTable) {
            entries = copied(table.entries)
            count = UInt64(table.entries.count)
        }
    }

    /// Up to three tables to take a word from, in turn.
    private struct Phrase {
        var count = 0
        var tables: (Choices, Choices, Choices)

        init(_ words: [WordTable]) {
            count = words.count
            let choices = (0..<3).map { Choices(words[min($0, words.count - 1)]) }
            tables = (choices[0], choices[1], choices[2])
        }
    }

    /// Holds the tables in the form that the loop wants.
    ///
    /// `@unchecked Sendable`: what the addresses point to is written before `shared` is there and
    /// never changed or freed.
    private struct Tables: @unchecked Sendable {
        static let shared = Tables()

        let sentences: UnsafePointer<(UInt8, UInt8, UInt8, UInt8)>
        let nounPhrases: UnsafePointer<Phrase>
        let verbPhrases: UnsafePointer<Phrase>
        let prepositions = Choices(TextGrammar.prepositions)
        let terminators = Choices(TextGrammar.terminators)

        private init() {
            sentences = copied(
                TextGrammar.sentences.map { parts in
                    let codes = parts.map(Self.code) + [Self.end, Self.end]
                    return (codes[0], codes[1], codes[2], codes[3])
                })
            nounPhrases = copied(TextGrammar.nounPhrases.map(Phrase.init))
            verbPhrases = copied(TextGrammar.verbPhrases.map(Phrase.init))
        }

        static let end: UInt8 = 3

        static func code(_ part: TextGrammar.SentencePart) -> UInt8 {
            switch part {
            case .nounPhrase: 0
            case .verbPhrase: 1
            case .prepositionalPhrase: 2
            }
        }
    }

    private let tables = Tables.shared
    private let sentenceCount = UInt64(TextGrammar.sentences.count)
    private let nounPhraseCount = UInt64(TextGrammar.nounPhrases.count)
    private let verbPhraseCount = UInt64(TextGrammar.verbPhrases.count)
    private(set) var state: UInt32
    private(set) var cursor: UnsafeMutableRawPointer

    /// Starts at a state of the stream and a place with room for what is going to be written.
    init(state: UInt32, at address: UnsafeMutableRawPointer) {
        self.state = state
        self.cursor = address
    }

    /// Writes a sentence and the space after it; up to 16 bytes beyond may be overwritten.
    @inline(__always)
    mutating func writeSentence() {
        let form = tables.sentences[choose(sentenceCount)]
        write(part: form.0)
        write(part: form.1)
        if form.2 != Tables.end { write(part: form.2) }
        if form.3 != Tables.end { write(part: form.3) }
        // The terminator takes the place of the last space.
        cursor -= 1
        writeWord(tables.terminators)
    }

    @inline(__always)
    private mutating func write(part: UInt8) {
        if part == 1 {
            return writePhrase(tables.verbPhrases + choose(verbPhraseCount))
        }
        if part == 2 {
            writeWord(tables.prepositions)
            cursor.storeBytes(of: UInt32(0x2065_6874).littleEndian, as: UInt32.self)  // "the "
            cursor += 4
        }
        writePhrase(tables.nounPhrases + choose(nounPhraseCount))
    }

    @inline(__always)
    private mutating func writePhrase(_ phrase: UnsafePointer<Phrase>) {
        writeWord(phrase.pointee.tables.0)
        if phrase.pointee.count > 1 { writeWord(phrase.pointee.tables.1) }
        if phrase.pointee.count > 2 { writeWord(phrase.pointee.tables.2) }
    }

    @inline(__always)
    private mutating func writeWord(_ choices: Choices) {
        let word = choices.entries[choose(choices.count)]
        cursor.storeBytes(of: word, as: SIMD16<UInt8>.self)
        cursor += Int(word[15])
    }

    /// Takes the next number below `count`; see `UniformRange` for why integers do.
    @inline(__always)
    private mutating func choose(_ count: UInt64) -> Int {
        state = RandomStream.next(state)
        let product = UInt64(state) &* count
        return Int(truncatingIfNeeded: (product &+ (product &>> 31) &+ 1) &>> 31)
    }

    private static func copied<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
        memory.initialize(from: elements, count: elements.count)
        return UnsafePointer(memory)
    }
}
