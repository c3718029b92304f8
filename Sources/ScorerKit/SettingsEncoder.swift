// Learns a configuration's settings by encoding its defaults: keys, types, default values.
//
// It is an encoder of one flat object. Nesting deeper than a list of texts is the author's error, told by the host.

import CEvalHost

/// A setting as the encoder found it.
struct DeclaredSetting {
    let key: String
    var kind: UInt32
    /// As a user would write it; nil for an optional property that is nil.
    var standard: String?
    var choices: [String] = []
}

/// Finds the settings of a configuration type.
///
/// - Returns: One setting for each property, in the order in which they are encoded.
/// - Throws: ``ScoringError`` for a property that is no setting.
func declaredSettings<Configuration: PluginConfiguration>(of type: Configuration.Type) throws -> [DeclaredSetting] {
    let recorder = SettingsRecorder()
    try Configuration().encode(to: recorder)
    return recorder.settings
}

/// A property's name as users write it.
///
/// `maximumGrade` becomes `maximum_grade`; a key that is in this form already stays as it is.
func snakeCase(_ name: String) -> String {
    var result = ""
    let characters = Array(name)
    for (index, character) in characters.enumerated() {
        let startsWord =
            index > 0 && character.isUppercase
            && (!characters[index - 1].isUppercase
                || (index + 1 < characters.count && characters[index + 1].isLowercase))
        if startsWord && characters[index - 1] != "_" { result += "_" }
        result += character.lowercased()
    }
    return result
}

private final class SettingsRecorder: Encoder {
    var settings: [DeclaredSetting] = []
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedRecorder<Key>(recorder: self))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer { ValueRecorder(name: "the configuration") }
    func singleValueContainer() -> any SingleValueEncodingContainer { ValueRecorder(name: "the configuration") }
}

private struct KeyedRecorder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let recorder: SettingsRecorder
    var codingPath: [any CodingKey] { [] }

    private func note(_ key: Key, _ kind: UInt32, _ standard: String?, choices: [String] = []) {
        let name = snakeCase(key.stringValue)
        recorder.settings.append(DeclaredSetting(key: name, kind: kind, standard: standard, choices: choices))
    }

    func encodeNil(forKey key: Key) throws { note(key, EVALHOST_KIND_JSON, nil) }
    func encode(_ value: Bool, forKey key: Key) throws { note(key, EVALHOST_KIND_BOOLEAN, String(value)) }
    func encode(_ value: String, forKey key: Key) throws { note(key, EVALHOST_KIND_TEXT, value) }
    func encode(_ value: Double, forKey key: Key) throws { note(key, EVALHOST_KIND_NUMBER, String(value)) }
    func encode(_ value: Float, forKey key: Key) throws { note(key, EVALHOST_KIND_NUMBER, String(value)) }
    func encode(_ value: Int, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int8, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int16, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int32, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int64, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt8, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt16, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt32, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt64, forKey key: Key) throws { note(key, EVALHOST_KIND_INTEGER, String(value)) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        let found = try ValueRecorder.record(value, name: key.stringValue)
        note(key, found.kind, found.spelling, choices: choices(of: T.self))
    }

    // A nil property is a setting without a default; its kind is known from its type alone.
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws {
        note(key, EVALHOST_KIND_BOOLEAN, value.map { String($0) })
    }
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { note(key, EVALHOST_KIND_TEXT, value) }
    func encodeIfPresent(_ value: Double?, forKey key: Key) throws {
        note(key, EVALHOST_KIND_NUMBER, value.map { String($0) })
    }
    func encodeIfPresent(_ value: Float?, forKey key: Key) throws {
        note(key, EVALHOST_KIND_NUMBER, value.map { String($0) })
    }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { integer(value, key) }
    func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
        if let value { return try encode(value, forKey: key) }
        note(key, T.self == [String].self ? EVALHOST_KIND_TEXTS : EVALHOST_KIND_TEXT, nil, choices: choices(of: T.self))
    }

    private func integer(_ value: (some FixedWidthInteger)?, _ key: Key) {
        note(key, EVALHOST_KIND_INTEGER, value.map { String($0) })
    }

    private func choices<T>(of type: T.Type) -> [String] {
        guard let enumeration = type as? any CaseIterable.Type else { return [] }
        return allCases(enumeration)
    }

    private func allCases<T: CaseIterable>(_ type: T.Type) -> [String] {
        type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(KeyedRecorder<Nested>(recorder: SettingsRecorder()))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        ValueRecorder(name: key.stringValue)
    }
    func superEncoder() -> any Encoder { recorder }
    func superEncoder(forKey key: Key) -> any Encoder { recorder }
}

/// Records one property that isn't a primitive: an enumeration over a primitive, or a list of texts.
private final class ValueRecorder: Encoder, SingleValueEncodingContainer, UnkeyedEncodingContainer {
    let name: String
    private var kind: UInt32?
    private var spelling = ""
    private var items: [JSONText]?
    private var isNested = false
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var count: Int { items?.count ?? 0 }

    init(name: String) { self.name = name }

    static func record(_ value: some Encodable, name: String) throws -> (kind: UInt32, spelling: String) {
        let recorder = ValueRecorder(name: name)
        try value.encode(to: recorder)
        if let items = recorder.items, !recorder.isNested {
            return (EVALHOST_KIND_TEXTS, JSONText.array(items).description)
        }
        guard let kind = recorder.kind, !recorder.isNested else {
            throw ScoringError(
                "\(name) is no setting: use Bool, a number, String, [String] or an enumeration of String"
            )
        }
        return (kind, recorder.spelling)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        isNested = true
        return KeyedEncodingContainer(KeyedRecorder<Key>(recorder: SettingsRecorder()))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        items = items ?? []
        return self
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    private func note(_ kind: UInt32, _ spelling: String) {
        if items == nil {
            self.kind = kind
            self.spelling = spelling
        } else if kind == EVALHOST_KIND_TEXT {
            items?.append(.text(spelling))
        } else {
            isNested = true
        }
    }

    func encodeNil() throws { isNested = true }
    func encode(_ value: Bool) throws { note(EVALHOST_KIND_BOOLEAN, String(value)) }
    func encode(_ value: String) throws { note(EVALHOST_KIND_TEXT, value) }
    func encode(_ value: Double) throws { note(EVALHOST_KIND_NUMBER, String(value)) }
    func encode(_ value: Float) throws { note(EVALHOST_KIND_NUMBER, String(value)) }
    func encode(_ value: Int) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int8) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int16) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int32) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: Int64) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt8) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt16) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt32) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode(_ value: UInt64) throws { note(EVALHOST_KIND_INTEGER, String(value)) }
    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        isNested = true
        return self
    }
    func superEncoder() -> any Encoder { self }
}
