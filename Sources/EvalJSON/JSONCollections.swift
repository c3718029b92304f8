// Walking arrays and objects in the order in which they were written.

extension JSON {
    /// How many elements or members this has; 0 for values that have none.
    public var count: Int {
        switch kind {
        case .array: elements.reduce(0) { count, _ in count + 1 }
        case .object: members.reduce(0) { count, _ in count + 1 }
        default: 0
        }
    }

    /// The elements of an array; empty for anything else.
    @inlinable public var elements: Elements { Elements(self) }

    /// The keys and values of an object in their written order; empty for anything else.
    @inlinable public var members: Members { Members(self) }

    /// A sequence over an array.
    public struct Elements: Sequence, IteratorProtocol {
        @usableFromInline let storage: JSONStorage
        @usableFromInline var at: Int
        @usableFromInline let end: Int

        @inlinable
        init(_ json: JSON) {
            storage = json.storage
            let isArray = json.storage.tag(json.index) == Tag.array
            at = json.index + 1
            end = isArray ? Int(json.storage.tape[json.index] & Tag.scopeMask) - 1 : at
        }

        /// The next element, if there is one.
        @inlinable
        public mutating func next() -> JSON? {
            guard at < end else { return nil }
            defer { at = storage.skip(at) }
            return JSON(storage: storage, index: at)
        }
    }

    /// A sequence over an object.
    public struct Members: Sequence, IteratorProtocol {
        @usableFromInline let storage: JSONStorage
        @usableFromInline var at: Int
        @usableFromInline let end: Int

        @inlinable
        init(_ json: JSON) {
            storage = json.storage
            let isObject = json.storage.tag(json.index) == Tag.object
            at = json.index + 1
            end = isObject ? Int(json.storage.tape[json.index] & Tag.scopeMask) - 1 : at
        }

        /// The next member, if there is one.
        @inlinable
        public mutating func next() -> (key: Text, value: JSON)? {
            guard at < end else { return nil }
            let utf8 = storage.utf8(at)
            let start = Int(storage.tape[at] & Tag.payloadMask) + 4
            let value = JSON(storage: storage, index: at + 1)
            at = storage.skip(at + 1)
            return (Text(storage: storage, start: start, count: utf8.count), value)
        }
    }
}

extension JSON {
    /// An object's members; of a key written twice, only the last.
    package var lastMembers: [(key: Text, value: JSON)] {
        var result = Array(members)
        guard result.hasSameKeyTwice else { return result }
        var places: [Text: Int] = [:]
        result = []
        for member in members {
            if let place = places[member.key] {
                result[place].value = member.value
            } else {
                places[member.key] = result.count
                result.append(member)
            }
        }
        return result
    }
}

extension [(key: Text, value: JSON)] {
    fileprivate var hasSameKeyTwice: Bool {
        // Few keys: comparing is cheaper than hashing.
        if count > 16 { return Set(lazy.map(\.key)).count < count }
        for place in indices.dropFirst() {
            for earlier in 0..<place where self[earlier].key == self[place].key { return true }
        }
        return false
    }
}
