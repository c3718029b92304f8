// The row that is judged.

import CEvalHost

/// The declared fields of one row, and its name.
///
/// A row is valid during the call only; the compiler refuses to keep it, or a ``Text`` of it, for longer.
public struct Row: ~Escapable {
    private let record: UnsafePointer<evalhost_record>
    private let declared: UnsafePointer<UInt64>
    private let tables: UnsafePointer<HostTables>

    /// A view of a record, with the digests of the declared fields, as many as the record has fields.
    @_lifetime(immortal)
    init(
        _ record: UnsafePointer<evalhost_record>,
        declared: UnsafePointer<UInt64>,
        tables: UnsafePointer<HostTables>
    ) {
        unsafe self.record = record
        unsafe self.declared = declared
        unsafe self.tables = tables
    }

    /// What the host offers while this row is scored: the judge, the log, the library's files.
    public var context: ScoringContext {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(ScoringContext(tables, record), copying: self) }
    }

    /// The row's own name, for messages; empty if it has none.
    public var id: Text {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Text(record.pointee.id), copying: self) }
    }

    /// The text of a declared field; empty for a field that is missing or null.
    ///
    /// - Parameter field: One of those in ``About``'s `reads`.
    public subscript(field: Field) -> Text {
        @_lifetime(copy self)
        get { self[index(of: field)] }
    }

    /// The text of the field at a place in ``About``'s `reads`: the fastest way.
    ///
    /// - Parameter index: The place, from 0.
    public subscript(index: Int) -> Text {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Text(pointer(at: index).pointee.text), copying: self) }
    }

    /// Whether a field is there and isn't null.
    ///
    /// - Parameter field: A declared field.
    /// - Returns: False only for fields that are declared optional.
    public func has(_ field: Field) -> Bool {
        let kind = value(of: field).kind
        return kind != EVALHOST_KIND_MISSING && kind != EVALHOST_KIND_NULL
    }

    /// An integer.
    ///
    /// - Parameter field: A field declared ``Field/integer``.
    /// - Returns: Its value; nil if it is missing or null.
    public func integer(_ field: Field) -> Int64? {
        let value = value(of: field)
        return value.kind == EVALHOST_KIND_INTEGER ? value.integer : nil
    }

    /// A number.
    ///
    /// - Parameter field: A field declared ``Field/number`` or ``Field/integer``.
    /// - Returns: Its value; nil if it is missing or null.
    public func number(_ field: Field) -> Double? {
        let value = value(of: field)
        return value.kind == EVALHOST_KIND_NUMBER || value.kind == EVALHOST_KIND_INTEGER ? value.number : nil
    }

    /// True or false.
    ///
    /// - Parameter field: A field declared ``Field/boolean``.
    /// - Returns: Its value; nil if it is missing or null.
    public func boolean(_ field: Field) -> Bool? {
        let value = value(of: field)
        return value.kind == EVALHOST_KIND_BOOLEAN ? value.integer != 0 : nil
    }

    /// Spans of the row's trace, in the order of their starts.
    ///
    /// - Parameter field: A field declared by ``Field/spans(_:payloads:)``.
    /// - Returns: The spans; none if the row has no trace.
    @_lifetime(copy self)
    public func spans(_ field: Field) -> Spans {
        unsafe _overrideLifetime(Spans(value(of: field)), copying: self)
    }

    private func value(of field: Field) -> evalhost_field { unsafe pointer(at: index(of: field)).pointee }

    private func pointer(at index: Int) -> UnsafePointer<evalhost_field> {
        unsafe precondition(index >= 0 && index < Int(record.pointee.field_count), "the scorer reads fewer fields")
        return unsafe record.pointee.fields + index
    }

    private func index(of field: Field) -> Int {
        for index in 0..<(unsafe Int(record.pointee.field_count)) where unsafe declared[index] == field.digest {
            return index
        }
        preconditionFailure("the scorer doesn't read \(field.path): add it to `reads` of its About")
    }
}
