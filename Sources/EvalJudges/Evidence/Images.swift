// Pictures in inputs and outputs: OpenAI's `image_url` and `input_image` parts, Anthropic's image blocks.

internal import EvalCore
internal import EvalJSON

extension JSON {
    /// Whether a part of this value is a picture that a model can be shown.
    var hasImages: Bool {
        switch kind {
        case .array: elements.contains { $0.hasImages }
        case .object: imageURL != nil || members.contains { $0.value.hasImages }
        default: false
        }
    }

    /// The value with each picture replaced by a part of text.
    ///
    /// - Parameter word: The words for a picture, given its address.
    /// - Returns: The value without pictures.
    func replacingImages(_ word: (String) -> String) -> JSON {
        switch kind {
        case .array: return .array(elements.map { $0.replacingImages(word) })
        case .object:
            if let imageURL { return ["type": "text", "text": JSON(word(imageURL))] }
            return .object(members.map { (String($0.key), $0.value.replacingImages(word)) })
        default: return self
        }
    }

    /// The address of the picture that this part of a message is.
    private var imageURL: String? {
        guard let type = self[key: "type"]?.text else { return nil }
        let url: String?
        if type.equals("image_url") || type.equals("input_image") {
            let place = self[key: "image_url"]
            url = place?.string ?? place?[key: "url"]?.string
        } else if type.equals("image"), let source = self[key: "source"] {
            url = source[key: "url"]?.string ?? Self.dataURL(source)
        } else {
            return nil
        }
        guard let url, ["https://", "http://", "data:image/"].contains(where: url.hasPrefix) else { return nil }
        return url
    }

    private static func dataURL(_ source: JSON) -> String? {
        guard let type = source[key: "media_type"]?.string, let data = source[key: "data"]?.string else { return nil }
        return "data:\(type);base64,\(data)"
    }
}
