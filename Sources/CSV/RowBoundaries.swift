// Where the rows of one file can be taken apart for several workers, although a newline within
// quotes ends no row.
//
// The file is cut at arbitrary places; a part has the rows that begin in it. Where a part begins
// with a row depends on all the text before it, but a part without quotes tells where the next one's
// first row begins from its own last bytes. So parts are taken in order, each worker looks for quotes
// in what it has loaded anyway, and only parts with quotes have to be read through, at the speed of
// the masks, before the next one knows its start. Whoever needs a start that nobody is working on
// finds it himself.

import CPlatform
import StarlingErrors
import StarlingFiles
import StarlingMemory
import StarlingThreads

/// Finds the first rows of the parts of a file.
final class RowBoundaries: Sendable {
    /// So much behind a cut is searched for the end of a row at first.
    static let stepByteCount = 1 << 16

    /// What is known of the way from one part's start to the next one's.
    private enum Step {
        case unknown
        case claimed
        /// No quotes: the next part's first row begins here, unless this part is within quotes.
        case quoteFree(next: Int)
        case done
    }

    private struct State {
        var starts: [Int?]
        var steps: [Step]
    }

    let file: any ReadableFile
    let dialect: CSVDialect
    /// The places where the file is cut; one more than there are parts.
    let cuts: [Int]
    private let state: ConditionLocked<State>

    init(
        _ file: any ReadableFile, _ dialect: CSVDialect, dataStart: Int, partByteCount: Int
    ) {
        self.file = file
        self.dialect = dialect
        let end = file.byteCount
        let places = Array(stride(from: dataStart, to: end, by: max(1, partByteCount))) + [end]
        cuts = places.count == 1 ? [dataStart, end] : places
        let count = cuts.count - 1
        var starts = [Int?](repeating: nil, count: count + 1)
        starts[0] = dataStart
        state = ConditionLocked(
            State(starts: starts, steps: Array(repeating: .unknown, count: count)))
    }

    var partCount: Int { cuts.count - 1 }

    /// Loads the rows that begin in a part.
    func load(_ part: Int, _ budget: MemoryBudget) throws(StarlingError) -> TextBlock {
        let isClaimed = state.withLock { state in
            if case .unknown = state.steps[part] {
                state.steps[part] = .claimed
                return true
            }
            return false
        }
        var loaded = LoadedText(file, from: cuts[part], budget)
        let start: Int
        let end: Int
        do throws(StarlingError) {
            try loaded.extend(to: cuts[part + 1])
            if isClaimed { try findQuoteFreeEnd(part, &loaded) }
            start = try self.start(of: part, budget)
            end = try self.end(of: part, from: start, &loaded)
        } catch {
            // Others find out by themselves what is wrong.
            if isClaimed { give(up: part) }
            throw error
        }
        try loaded.extend(to: end)
        let first = start - loaded.offset + TextBlock.margin
        return TextBlock(
            loaded.buffer, first..<max(first, end - loaded.offset + TextBlock.margin),
            fileOffset: start, dialect.masks)
    }

    private func give(up part: Int) {
        state.withLock { if case .claimed = $0.steps[part] { $0.steps[part] = .unknown } }
        state.broadcast()
    }

    private func publish(_ part: Int, next: Int) {
        state.withLock { state in
            state.starts[part + 1] = next
            state.steps[part] = .done
        }
        state.broadcast()
    }

    /// Looks for the row end at or behind the cut, and says so where no quote lies before it.
    private func findQuoteFreeEnd(
        _ part: Int, _ loaded: inout LoadedText
    ) throws(StarlingError) {
        let cut = cuts[part + 1]
        if cut == file.byteCount { return publish(part, next: cut) }
        if let quote = dialect.quote, loaded.has(quote, from: cuts[part], to: cut) { return }
        var place = max(cuts[part], cut - 1)
        while true {
            let known = loaded.end
            let newline = loaded.firstIndex(of: dialect.newline[0], from: place)
            let last = newline ?? known
            if let quote = dialect.quote, loaded.has(quote, from: place, to: last) { return }
            if let newline {
                state.withLock { $0.steps[part] = .quoteFree(next: newline + 1) }
                return state.broadcast()
            }
            if known == file.byteCount { return }
            place = known
            try loaded.extend(to: min(file.byteCount, known + Self.stepByteCount))
        }
    }

    /// Returns where the first row of a part begins, which lies behind the part where a row goes
    /// through all of it.
    func start(of part: Int, _ budget: MemoryBudget) throws(StarlingError) -> Int {
        enum Next {
            case known(Int)
            case compute(Int)
        }
        while true {
            let next: Next = state.wait(
                until: { Self.isReady($0, part) },
                { state in
                    let known = Self.advance(&state, to: part)
                    if known == part { return .known(state.starts[part]!) }
                    state.steps[known] = .claimed
                    return .compute(known)
                })
            switch next {
            case .known(let start): return start
            case .compute(let earlier):
                do throws(StarlingError) {
                    var loaded = LoadedText(file, from: cuts[earlier], budget)
                    try loaded.extend(to: cuts[earlier + 1])
                    try findQuoteFreeEnd(earlier, &loaded)
                    _ = try end(of: earlier, from: start(of: earlier, budget), &loaded)
                } catch {
                    give(up: earlier)
                    throw error
                }
            }
        }
    }

    /// Finds the last part, up to `part`, whose start follows from what is known.
    private static func known(_ state: State, _ part: Int) -> Int {
        var index = part
        while state.starts[index] == nil { index -= 1 }
        while index < part, case .quoteFree = state.steps[index] { index += 1 }
        return index
    }

    private static func isReady(_ state: State, _ part: Int) -> Bool {
        let index = known(state, part)
        if index == part { return true }
        if case .claimed = state.steps[index] { return false }
        return true
    }

    private static func advance(_ state: inout State, to part: Int) -> Int {
        let last = known(state, part)
        var index = last
        while state.starts[index] == nil { index -= 1 }
        while index < last {
            guard case .quoteFree(let next) = state.steps[index], let start = state.starts[index]
            else { break }
            state.starts[index + 1] = max(next, start)
            state.steps[index] = .done
            index += 1
        }
        return last
    }

    /// Returns where the part's last row ends, and lets the next part know.
    private func end(
        of part: Int, from start: Int, _ loaded: inout LoadedText
    ) throws(StarlingError) -> Int {
        let known: Int? = state.withLock { state in
            if let next = state.starts[part + 1] { return next }
            if case .quoteFree(let next) = state.steps[part] { return max(next, start) }
            return nil
        }
        if let known {
            publish(part, next: known)
            return known
        }
        let cut = cuts[part + 1]
        var next = start
        if start < cut { next = try rowEnd(from: start, atLeast: cut - 1, &loaded) }
        publish(part, next: next)
        return next
    }

    /// Finds the row end at or behind a place, reading from the start of a row.
    private func rowEnd(
        from start: Int, atLeast place: Int, _ loaded: inout LoadedText
    ) throws(StarlingError) -> Int {
        while true {
            if let end = loaded.rowEnd(from: start, atLeast: place, dialect) { return end }
            if loaded.end == file.byteCount { return file.byteCount }
            guard loaded.end - start < 1 << 30 else {
                throw StarlingError(
                    .data,
                    "\(file.path): the row that begins at byte \(start) does not end within 1 GB; "
                        + "perhaps a quote is never closed")
            }
            let isFirst = loaded.end <= place + 1
            let step = isFirst ? Self.stepByteCount : loaded.end - loaded.offset
            try loaded.extend(to: min(file.byteCount, loaded.end + step))
        }
    }
}
