// Changing an object: it is taken apart as far as the change goes, and the rest stays as the parser left it.

/// An object that is taken apart as far as it is changed.
package struct MutableObject {
    private enum Value {
        case whole(JSON)
        case parts(MutableObject)
    }
    private var members: [(key: Text, value: Value)] = []

    /// An empty object.
    package init() {}

    /// Takes an object.
    package init(_ json: JSON) { members = json.members.map { ($0.key, .whole($0.value)) } }

    /// Whether it has no member.
    package var isEmpty: Bool { members.isEmpty }

    /// Puts a value at a path of keys; false where something else is in its way.
    package mutating func put(_ value: JSON, at steps: ArraySlice<JSONPath.Step>) -> Bool {
        guard case .key(let key)? = steps.first else { return false }
        let rest = steps.dropFirst()
        let place = members.firstIndex { $0.key == key }
        if rest.isEmpty {
            if let place { members[place].value = .whole(value) } else { members.append((key, .whole(value))) }
            return true
        }
        var inner: MutableObject
        switch place.map({ members[$0].value }) {
        case nil: inner = MutableObject()
        case .parts(let parts): inner = parts
        case .whole(let json):
            guard json.kind == .object || json.isNull else { return false }
            inner = MutableObject(json)
        }
        guard inner.put(value, at: rest) else { return false }
        if let place { members[place].value = .parts(inner) } else { members.append((key, .parts(inner))) }
        return true
    }

    /// Takes a field out; one in an array stays.
    package mutating func remove(_ steps: ArraySlice<JSONPath.Step>) {
        guard case .key(let key)? = steps.first, let place = members.firstIndex(where: { $0.key == key }) else {
            return
        }
        let rest = steps.dropFirst()
        if rest.isEmpty {
            members.remove(at: place)
            return
        }
        var inner: MutableObject
        switch members[place].value {
        case .parts(let parts): inner = parts
        case .whole(let json):
            guard json.kind == .object else { return }
            inner = MutableObject(json)
        }
        inner.remove(rest)
        if inner.isEmpty { members.remove(at: place) } else { members[place].value = .parts(inner) }
    }

    /// Keeps only some keys.
    package mutating func keep(_ isWanted: (String) -> Bool) { members.removeAll { !isWanted(String($0.key)) } }

    /// The object as it is now.
    package var json: JSON {
        .object(
            members.map { key, value in
                switch value {
                case .whole(let json): (String(key), json)
                case .parts(let parts): (String(key), parts.json)
                }
            }
        )
    }
}
