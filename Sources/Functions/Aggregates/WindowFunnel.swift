// window_funnel(window, time, mode, events): the length of the longest chain of events, each behind
// the one before and no later than the window after the first.
//
// Events are taken in the order of their times, those of one time in the order of the chain. For
// each place of the chain the time is kept at which a chain began that has come so far. The mode is
// a set of bits:
//  1  an event that comes again ends the chain;
//  2  an event whose predecessor is missing ends the chain;
//  4  times must increase from event to event.

import StarlingErrors
import StarlingTypes
import StarlingVectors

struct FunnelState: BitwiseCopyable {
    /// Times and places in the chain, as pairs of Int64.
    var events: ByteList
    var window: Int64
    var mode: Int32
    var eventCount: Int32
    var isPresent: Int64
}

/// Gathers events.
struct WindowFunnel: RowAggregate {
    struct Rows {
        let windows: Vector
        let times: Vector
        let modes: Vector
        let events: EventRows
    }

    private struct Event {
        var time: Int64
        var place: Int64
    }

    /// Tells since when there is a chain up to an event, and the time of the event itself.
    private struct Chain {
        var start: Int64
        var last: Int64
    }

    let time: LogicalType

    var resultPhysicalType: PhysicalType { .int32 }
    var gathersRows: Bool { true }

    func rows(of arguments: [Vector], count: Int) throws(StarlingError) -> Rows {
        Rows(
            windows: arguments[0].flattened().widened(to: .bigint),
            times: arguments[1].flattened().widened(to: .bigint),
            modes: arguments[2].flattened().widened(to: .bigint),
            events: try EventRows(arguments[3], of: "window_funnel"))
    }

    func add(
        _ row: Int, of rows: borrowing Rows, to state: inout FunnelState, heap: StringHeap
    ) {
        guard rows.windows.isValid(row), rows.times.isValid(row), rows.modes.isValid(row),
            let count = rows.events.count(row)
        else { return }
        state.window = rows.windows.pointer(to: Int64.self)[row]
        state.mode = Int32(truncatingIfNeeded: rows.modes.pointer(to: Int64.self)[row])
        state.eventCount = max(state.eventCount, Int32(count))
        state.isPresent = 1
        var time = rows.times.pointer(to: Int64.self)[row]
        if self.time == .datetime {
            time = time >= 0 ? time / 1_000_000 : (time - 999_999) / 1_000_000
        }
        var bits = rows.events.bits(row)
        while bits != 0 {
            let event = Event(time: time, place: Int64(bits.trailingZeroBitCount))
            state.events.extend(by: MemoryLayout<Event>.stride, heap)
                .initializeMemory(as: Event.self, to: event)
            bits &= bits &- 1
        }
    }

    func isEmpty(_ state: FunnelState) -> Bool { state.isPresent == 0 }

    func merge(_ source: FunnelState, into target: inout FunnelState, heap: StringHeap) {
        target.window = source.window
        target.mode = source.mode
        target.eventCount = max(target.eventCount, source.eventCount)
        target.isPresent = 1
        target.events.append(source.events, heap)
    }

    func results(_ states: StateList<FunnelState>) -> Vector {
        var vector = Vector(zeroed: .int32, count: states.count)
        let output = vector.pointer(to: Int32.self)
        for row in 0..<states.count {
            let state = states[row]
            if isEmpty(state) {
                vector.setNull(row)
            } else {
                output[row] = state.events.isEmpty ? 0 : Int32(longestChain(state))
            }
        }
        return vector
    }

    private func longestChain(_ state: FunnelState) -> Int {
        var events = UnsafeMutableBufferPointer(
            start: state.events.start.assumingMemoryBound(to: Event.self),
            count: Int(state.events.byteCount) / MemoryLayout<Event>.stride)
        events.sort { ($0.time, $0.place) < ($1.time, $1.place) }
        let endsAtRepeats = state.mode & 1 != 0
        let endsAtLeaps = state.mode & 2 != 0
        let increases = state.mode & 4 != 0
        var chains = [Chain?](repeating: nil, count: Int(state.eventCount))
        var (current, longest) = (0, 0)
        for event in events {
            let place = Int(event.place)
            if place == 0 {
                chains[0] = Chain(start: event.time, last: event.time)
                current = max(current, 1)
                longest = max(longest, current)
                continue
            }
            let isRepeat = endsAtRepeats && chains[place] != nil
            let isLeap = endsAtLeaps && chains[place - 1] == nil
            if isRepeat || isLeap {
                for passed in 0..<current { chains[passed] = nil }
                current = 0
                continue
            }
            guard let before = chains[place - 1] else { continue }
            let (end, overflow) = before.start.addingReportingOverflow(state.window)
            guard overflow || event.time <= end, !increases || before.last < event.time else {
                continue
            }
            chains[place] = Chain(start: before.start, last: event.time)
            current = max(current, place + 1)
            longest = max(longest, current)
            if longest == chains.count { break }
        }
        return longest
    }
}
