// Decodes rows: runs the steps of a program over the bytes of a block, value by value. Places are
// checked against the block's end behind each value; what is read before lies in the bytes that
// follow every buffer. Faults are noted and end it.

import StarlingTypes
import StarlingVectors

/// Runs a program over the rows of a block; valid while its owners live.
struct AvroDecoder {
    typealias Place = UnsafePointer<UInt8>

    private let steps: UnsafePointer<AvroStep>
    private let stepCount: Int
    private let entries: UnsafeMutablePointer<AvroTarget>
    private let targets: AvroTargets
    private let end: Place

    init(_ program: AvroProgram, _ targets: AvroTargets, end: Place) {
        steps = UnsafePointer(program.steps)
        stepCount = program.stepCount
        entries = targets.entries
        self.targets = targets
        self.end = end
    }

    /// Decodes rows and returns the place behind them; nil where the block is damaged.
    func rows(_ count: Int, from place: Place) -> Place? {
        var place = place
        for row in 0..<count {
            var index = 0
            while index < stepCount {
                guard let next = value(index, place) else {
                    targets.faultRow = row
                    return nil
                }
                guard next <= end else {
                    targets.faultRow = row
                    return fail(.end, index)
                }
                place = next
                index = Int(steps[index].end)
            }
        }
        return place
    }

    private func fail(_ fault: AvroFault, _ step: Int) -> Place? {
        targets.note(fault, step)
        return nil
    }

    /// Reads a number of up to ten bytes, of which a negative one counts from the odd ones.
    @inline(__always)
    private func number(_ place: inout Place, _ isSound: inout Bool) -> Int {
        var byte = place[0]
        place += 1
        var bits = UInt64(byte & 0x7F)
        if byte >= 0x80 {
            var shift: UInt64 = 7
            repeat {
                byte = place[0]
                place += 1
                bits |= UInt64(byte & 0x7F) &<< shift
                shift &+= 7
            } while byte >= 0x80 && shift < 70
            isSound = isSound && byte < 0x80 && (shift < 70 || byte <= 1)
        }
        return Int(bitPattern: UInt(bits &>> 1)) ^ (0 &- Int(bitPattern: UInt(bits & 1)))
    }

    /// Decodes a value or passes over it.
    @inline(__always)
    private func value(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        var place = start
        var isSound = true
        if step.pointee.nullBranch >= 0 {
            let branch = number(&place, &isSound)
            let nullBranch = Int(step.pointee.nullBranch)
            if branch == nullBranch { return addNull(index) ? place : nil }
            guard branch == 1 &- nullBranch else { return fail(.branch, index) }
        }
        switch step.pointee.kind {
        case .null:
            entries[Int(step.pointee.target)].count &+= 1
        case .boolean:
            let byte = place[0]
            guard byte <= 1 else { return fail(.boolean, index) }
            guard add(Int8(truncatingIfNeeded: byte), step) else { return fail(.elements, index) }
            place += 1
        case .int:
            let number = number(&place, &isSound)
            guard isSound, number >= Int(truncatingIfNeeded: step.pointee.low),
                number <= Int(truncatingIfNeeded: step.pointee.high)
            else { return fail(.bounds, index) }
            guard add(Int32(truncatingIfNeeded: number), step) else {
                return fail(.elements, index)
            }
        case .long:
            let number = number(&place, &isSound)
            guard isSound else { return fail(.number, index) }
            guard add(number, step) else { return fail(.elements, index) }
        case .float:
            let bits = UnsafeRawPointer(place).loadUnaligned(as: UInt32.self)
            guard add(bits, step) else { return fail(.elements, index) }
            place += 4
        case .double:
            let bits = UnsafeRawPointer(place).loadUnaligned(as: UInt64.self)
            guard add(bits, step) else { return fail(.elements, index) }
            place += 8
        case .text:
            let count = number(&place, &isSound)
            guard isSound, count >= 0, count <= end - place, count <= 1 << 30 else {
                return fail(.length, index)
            }
            let text = StringReference(padded: place, count: count)
            guard add(text, step) else { return fail(.elements, index) }
            place += count
        case .skipFixed:
            guard step.pointee.size <= end - place else { return fail(.end, index) }
            place += step.pointee.size
        case .skipNumber:
            _ = number(&place, &isSound)
            guard isSound else { return fail(.number, index) }
        case .skipText:
            let count = number(&place, &isSound)
            guard isSound, count >= 0, count <= end - place else { return fail(.length, index) }
            place += count
        default: return rareValue(index, place)
        }
        return place
    }

    /// Puts a value behind those that its target has; false where there is no room.
    @inline(__always)
    private func add<Value: BitwiseCopyable>(
        _ value: Value, _ step: UnsafePointer<AvroStep>
    ) -> Bool {
        let target = Int(step.pointee.target)
        let entry = entries + target
        if entry.pointee.count == entry.pointee.capacity, !targets.grow(target) { return false }
        entry.pointee.values.assumingMemoryBound(to: Value.self)[entry.pointee.count] = value
        entry.pointee.count &+= 1
        return true
    }

    /// Adds a NULL to the target of a step and to those of what lies in it.
    @inline(never)
    private func addNull(_ index: Int) -> Bool {
        let step = steps + index
        guard step.pointee.target >= 0 else { return true }
        let target = Int(step.pointee.target)
        let entry = entries + target
        if entry.pointee.width > 0 || step.pointee.kind != .null {
            if entry.pointee.count == entry.pointee.capacity, !targets.grow(target) {
                targets.note(.elements, index)
                return false
            }
            let (count, width) = (entry.pointee.count, entry.pointee.width)
            (entry.pointee.values + count * width).initializeMemory(
                as: UInt8.self, repeating: 0, count: width)
            entry.pointee.validity[count &>> 6] &= ~(1 &<< UInt64(count & 63))
            entry.pointee.nullCount &+= 1
        }
        entry.pointee.count &+= 1
        guard step.pointee.kind == .record || step.pointee.kind == .union else { return true }
        var child = index + 1
        while child < Int(step.pointee.end) {
            guard addNull(child) else { return false }
            child = Int(steps[child].end)
        }
        return true
    }
}

// MARK: Rarer values

extension AvroDecoder {
    @inline(never)
    private func rareValue(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        var place = start
        var isSound = true
        var isAdded = true
        switch step.pointee.kind {
        case .list: return list(index, place)
        case .record, .union, .skipRecord, .skipUnion: return structure(index, place)
        case .skipList: return skippedList(index, place)
        case .symbol:
            let code = number(&place, &isSound)
            guard isSound, code >= 0, code < step.pointee.size else { return fail(.symbol, index) }
            isAdded = add(UInt32(truncatingIfNeeded: code), step)
        case .ticks:
            let (product, overflow) = number(&place, &isSound)
                .multipliedReportingOverflow(by: step.pointee.size)
            guard isSound, !overflow, isAllowed(Int128(product), step) else {
                return fail(.bounds, index)
            }
            isAdded = add(product, step)
        case .document, .skipDocument: return document(index, place)
        case .emptyRecord:
            guard let text = targets.text(Array("{}".utf8)) else { return fail(.elements, index) }
            isAdded = add(text, step)
        case .nanoseconds:
            let number = number(&place, &isSound)
            guard isSound else { return fail(.number, index) }
            if number % 1_000 != 0 { targets.noteCut(index) }
            let quotient = number / 1_000
            isAdded = add(quotient &- (quotient &* 1_000 > number ? 1 : 0), step)
        case .fixed, .uuid, .duration:
            let size = step.pointee.size
            guard size <= end - place else { return fail(.end, index) }
            let text =
                step.pointee.kind == .fixed
                ? StringReference(padded: place, count: size)
                : targets.text(place, step.pointee.kind)
            isAdded = add(text, step)
            place += size
        case .sizedDecimal:
            let count = number(&place, &isSound)
            guard isSound, count >= 0, count <= end - place else { return fail(.length, index) }
            return decimal(index, place, count: count)
        case .fixedDecimal:
            guard step.pointee.size <= end - place else { return fail(.end, index) }
            return decimal(index, place, count: step.pointee.size)
        default: break
        }
        return isAdded ? place : fail(.elements, index)
    }

    /// Decodes a value of a type that contains itself as JSON, or passes over it.
    private func document(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        let isWanted = step.pointee.target >= 0
        var document = AvroDocument(
            targets.definitions, from: start, to: end, isWanted: isWanted)
        do throws(AvroFault) {
            try document.read(definition: step.pointee.size)
        } catch {
            return fail(error, index)
        }
        guard isWanted else { return document.place }
        guard let text = targets.text(document.text), add(text, step) else {
            return fail(.elements, index)
        }
        return document.place
    }

    private func isAllowed(_ number: Int128, _ step: UnsafePointer<AvroStep>) -> Bool {
        number >= step.pointee.low && number <= step.pointee.high
    }

    /// Decodes a number in two's complement, the highest byte first.
    private func decimal(_ index: Int, _ place: Place, count: Int) -> Place? {
        let step = steps + index
        var first = place
        if count > 16 {
            // What lies above 128 bits must be nothing but the sign.
            let rest = count - 16
            let sign: UInt8 = place[rest] >= 0x80 ? 0xFF : 0
            for byte in 0..<rest where place[byte] != sign { return fail(.bounds, index) }
            first = place + rest
        }
        let raw = UnsafeRawPointer(first)
        let high = UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self))
        let low = UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        let bits = Int128(truncatingIfNeeded: UInt128(high) &<< 64 | UInt128(low))
        let used = min(count, 16)
        let number = used == 0 ? 0 : bits &>> Int128(128 - 8 * used)
        guard isAllowed(number, step) else { return fail(.bounds, index) }
        let isAdded =
            switch entries[Int(step.pointee.target)].width {
            case 4: add(Int32(truncatingIfNeeded: number), step)
            case 8: add(Int64(truncatingIfNeeded: number), step)
            default: add(number, step)
            }
        return isAdded ? place + count : fail(.elements, index)
    }

    /// Decodes the values of steps that lie one behind the other.
    @inline(__always)
    private func values(_ first: Int, _ last: Int, _ start: Place) -> Place? {
        var place = start
        var child = first
        while child < last {
            guard let next = value(child, place) else { return nil }
            guard next <= end else { return fail(.end, child) }
            place = next
            child = Int(steps[child].end)
        }
        return place
    }

    /// Decodes a record, or the branch of a union and NULLs for the others, or passes over them.
    private func structure(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        let end = Int(step.pointee.end)
        if step.pointee.target >= 0 {
            let target = Int(step.pointee.target)
            let entry = entries + target
            if step.pointee.kind == .union { return union(index, start) }
            if entry.pointee.count == entry.pointee.capacity, !targets.grow(target) {
                return fail(.elements, index)
            }
            entry.pointee.count &+= 1
        } else if step.pointee.kind == .skipUnion {
            return union(index, start)
        }
        return values(index + 1, end, start)
    }

    private func union(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        var place = start
        var isSound = true
        var branch = number(&place, &isSound)
        guard isSound, branch >= 0, place <= end else { return fail(.branch, index) }
        let nullBranch = step.pointee.size
        if nullBranch >= 0, branch == nullBranch { return addNull(index) ? place : nil }
        if nullBranch >= 0, branch > nullBranch { branch -= 1 }
        let target = Int(step.pointee.target)
        if target >= 0 {
            let entry = entries + target
            if entry.pointee.count == entry.pointee.capacity, !targets.grow(target) {
                return fail(.elements, index)
            }
            entry.pointee.count &+= 1
        }
        var child = index + 1
        var found: Place?
        while child < Int(step.pointee.end) {
            let next = Int(steps[child].end)
            if branch == 0 {
                guard let behind = values(child, next, place) else { return nil }
                found = behind
            } else if !addNull(child) {
                return nil
            }
            branch -= 1
            child = next
        }
        return found ?? fail(.branch, index)
    }

    /// Reads how many elements follow; of those that bear their size, the size as well.
    private func elementCount(
        _ place: inout Place, _ byteCount: inout Int
    ) -> Int? {
        var isSound = true
        var count = number(&place, &isSound)
        byteCount = -1
        if count < 0 {
            count = 0 &- count
            byteCount = number(&place, &isSound)
            guard byteCount >= 0, place <= end, byteCount <= end - place else { return nil }
        }
        return isSound && count >= 0 && place <= end ? count : nil
    }

    private func list(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        let (first, last) = (index + 1, Int(step.pointee.end))
        let elements = entries + Int(steps[first].target)
        let offset = elements.pointee.count
        var place = start
        var byteCount = 0
        while true {
            guard let count = elementCount(&place, &byteCount) else { return fail(.length, index) }
            if count == 0 { break }
            if step.pointee.size == 0 {
                guard count <= 1 << 32, targets.addEmptyElements(count) else {
                    return fail(.elements, index)
                }
            } else if count > (end - place) / step.pointee.size {
                return fail(.length, index)
            }
            for _ in 0..<count {
                guard let next = values(first, last, place) else { return nil }
                place = next
            }
        }
        let range = ListRange(
            offset: UInt32(truncatingIfNeeded: offset),
            count: UInt32(truncatingIfNeeded: elements.pointee.count &- offset))
        return add(range, step) ? place : fail(.elements, index)
    }

    private func skippedList(_ index: Int, _ start: Place) -> Place? {
        let step = steps + index
        let (first, last) = (index + 1, Int(step.pointee.end))
        var place = start
        var byteCount = 0
        while true {
            guard let count = elementCount(&place, &byteCount) else { return fail(.length, index) }
            if count == 0 { return place }
            if byteCount >= 0 {
                place += byteCount
            } else if step.pointee.size > 0 {
                guard count <= (end - place) / step.pointee.size else {
                    return fail(.length, index)
                }
                for _ in 0..<count {
                    guard let next = values(first, last, place) else { return nil }
                    place = next
                }
            }
        }
    }
}
