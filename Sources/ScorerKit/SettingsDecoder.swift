// Makes a configuration of the values that the host hands to `create`: validated, in the declared order.

import CEvalHost

/// Decodes a configuration.
///
/// - Parameters:
///   - type: The configuration's type.
///   - values: One value for each key.
///   - keys: As declared.
/// - Returns: The configuration.
/// - Throws: ``SettingError`` for a value that the property's type doesn't hold.
func decodeSettings<Configuration: PluginConfiguration>(
    _ type: Configuration.Type,
    values: UnsafeBufferPointer<evalhost_field>,
    keys: [String]
) throws -> Configuration {
    var fields: [String: evalhost_field] = [:]
    for (key, value) in unsafe zip(keys, values) { unsafe fields[key] = value }
    return unsafe try Configuration(from: SettingsDecoder(fields: fields))
}

private struct SettingsDecoder: Decoder {
    let fields: [String: evalhost_field]
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SettingsContainer<Key>(fields: fields))
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw flatOnly }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw flatOnly }
    private var flatOnly: ScoringError { ScoringError("a configuration is a flat struct of settings") }
}

private struct SettingsContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let fields: [String: evalhost_field]
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { fields.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { fields[snakeCase(key.stringValue)] != nil }

    private func value(_ key: Key) throws -> SettingValue {
        let name = snakeCase(key.stringValue)
        guard let field = fields[name] else { throw SettingError(name, "is unknown to the host") }
        return SettingValue(key: name, field: field)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNil }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).boolean() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).text() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).number() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try value(key).number()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).integer() }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).integer() }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).integer() }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).integer() }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).integer() }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).integer() }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).integer() }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).integer() }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).integer() }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).integer() }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: try value(key)) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        throw SettingError(key.stringValue, "is no setting: configurations are flat")
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { SettingsDecoder(fields: fields) }
    func superDecoder(forKey key: Key) throws -> any Decoder { SettingsDecoder(fields: fields) }
}

/// One setting's value, as a decoder of itself.
private struct SettingValue: Decoder, SingleValueDecodingContainer {
    let key: String
    let field: evalhost_field
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    var isNil: Bool { field.kind == EVALHOST_KIND_NULL }

    private func expect(_ kind: UInt32, _ word: String) throws {
        if field.kind != kind { throw SettingError(key, "must be \(word)") }
    }
    func boolean() throws -> Bool {
        try expect(EVALHOST_KIND_BOOLEAN, "true or false")
        return field.integer != 0
    }
    func text() throws -> String {
        try expect(EVALHOST_KIND_TEXT, "a text")
        return String(Text(field.text))
    }
    func number() throws -> Double {
        if field.kind == EVALHOST_KIND_INTEGER { return Double(field.integer) }
        try expect(EVALHOST_KIND_NUMBER, "a number")
        return field.number
    }
    func integer<Number: FixedWidthInteger>() throws -> Number {
        try expect(EVALHOST_KIND_INTEGER, "an integer")
        guard let value = Number(exactly: field.integer) else {
            throw SettingError(key, "must lie between \(Number.min) and \(Number.max)")
        }
        return value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw SettingError(key, "is no setting: configurations are flat")
    }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try expect(EVALHOST_KIND_TEXTS, "a list of texts")
        return SettingItems(key: key, field: field)
    }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { isNil }
    func decode(_ type: Bool.Type) throws -> Bool { try boolean() }
    func decode(_ type: String.Type) throws -> String { try text() }
    func decode(_ type: Double.Type) throws -> Double { try number() }
    func decode(_ type: Float.Type) throws -> Float { Float(try number()) }
    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }
}

/// The items of a list of texts.
private struct SettingItems: UnkeyedDecodingContainer {
    let key: String
    let field: evalhost_field
    var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { Int(field.count) }
    var isAtEnd: Bool { currentIndex >= Int(field.count) }

    init(key: String, field: evalhost_field) {
        self.key = key
        unsafe self.field = field
    }

    private mutating func next() throws -> SettingValue {
        guard !isAtEnd, let items = unsafe field.items else { throw SettingError(key, "has too few items") }
        var item = evalhost_field()
        item.kind = EVALHOST_KIND_TEXT
        unsafe item.text = unsafe items.assumingMemoryBound(to: evalhost_text.self)[currentIndex]
        currentIndex += 1
        return SettingValue(key: key, field: item)
    }

    mutating func decodeNil() throws -> Bool { false }
    mutating func decode(_ type: String.Type) throws -> String { try next().text() }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: try next()) }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().boolean() }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().number() }
    mutating func decode(_ type: Float.Type) throws -> Float { Float(try next().number()) }
    mutating func decode(_ type: Int.Type) throws -> Int { try next().integer() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next().integer() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next().integer() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next().integer() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next().integer() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next().integer() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next().integer() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next().integer() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next().integer() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next().integer() }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw SettingError(key, "must be a list of texts") }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw SettingError(key, "must be a list of texts")
    }
    mutating func superDecoder() throws -> any Decoder { try next() }
}
