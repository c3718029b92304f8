// A resolved configuration as the array that `create` gets: one value for each declared setting, in their order.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON

enum SettingValues {
    /// The values; valid while `memory` and `configuration` live.
    static func make(
        _ settings: [PluginDescription.Setting],
        configuration: JSON,
        memory: CallMemory
    ) -> UnsafeMutablePointer<evalhost_field> {
        let values = memory.allocate(evalhost_field.self, settings.count)
        for (index, setting) in settings.enumerated() {
            values[index] = value(configuration[setting.key] ?? .null, setting, memory)
        }
        return values
    }

    private static func value(
        _ json: JSON,
        _ setting: PluginDescription.Setting,
        _ memory: CallMemory
    ) -> evalhost_field {
        var field = evalhost_field()
        field.text = CallMemory.emptyText
        field.kind = EVALHOST_KIND_NULL
        guard !json.isNull else { return field }
        field.kind = setting.kind
        switch setting.kind {
        case EVALHOST_KIND_BOOLEAN: field.integer = json.boolean == true ? 1 : 0
        case EVALHOST_KIND_INTEGER:
            field.integer = json.integer ?? 0
            field.number = Double(field.integer)
        case EVALHOST_KIND_NUMBER: field.number = json.number ?? 0
        case EVALHOST_KIND_TEXT: field.text = memory.text(json.string ?? "")
        case EVALHOST_KIND_TEXTS:
            let texts = json.elements.map { memory.text($0.string ?? "") }
            let items = memory.allocate(evalhost_text.self, texts.count)
            for (place, text) in texts.enumerated() { items[place] = text }
            field.items = UnsafeRawPointer(items)
            field.count = UInt64(texts.count)
        default: field.text = memory.text(json.serialized)
        }
        return field
    }
}
