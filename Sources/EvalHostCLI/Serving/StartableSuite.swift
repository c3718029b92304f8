// A suite that a server's command line names, and the evaluations that can be made of it.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalSuite
internal import Foundation

/// A suite that may be started.
struct StartableSuite: Sendable {
    /// The name by which requests start it.
    let name: String
    /// The suite's file.
    let path: String
    /// Folders whose scorers it may name beside those of its own, and how plugins are run.
    let plugins: PluginFolderOptions

    /// Reads `FILE` or `NAME=FILE`; without a name it is the file's, without its ending.
    ///
    /// - Parameters:
    ///   - argument: What the command line says.
    ///   - plugins: Folders whose scorers it may name, and how plugins are run.
    /// - Throws: What is wrong with the suite.
    init(_ argument: String, plugins: PluginFolderOptions) throws(Diagnostic) {
        self.plugins = plugins
        if let equals = argument.firstIndex(of: "="), equals != argument.startIndex,
            !argument[..<equals].contains("/")
        {
            name = String(argument[..<equals])
            path = String(argument[argument.index(after: equals)...])
        } else {
            name = ((argument as NSString).lastPathComponent as NSString).deletingPathExtension
            path = argument
        }
        let request = try request()
        if request.rows.data == "-" {
            throw Diagnostic(
                "a suite that reads standard input can't be started by a server",
                at: request.rows.location.file == nil ? .init(file: path) : request.rows.location,
                help: "Name a file, a data set or traces in `data:`."
            )
        }
    }

    /// The evaluation of an order, read anew from the suite's file.
    ///
    /// - Parameter order: What a request asks for; nil for the suite as it is.
    /// - Returns: What is to be evaluated.
    /// - Throws: What is wrong with the suite or the order.
    func request(_ order: EvaluationOrder? = nil) throws(Diagnostic) -> EvaluationRequest {
        let suite = try Suite.read(path, environment: ProcessInfo.processInfo.environment)
        var request = try EvaluationRequest(options(), suite: suite)
        // Folders of the command line are there to be named: a suite says itself what judges its rows.
        request.availableFolders += request.runningFolders.filter { !request.availableFolders.contains($0) }
        request.runningFolders = []
        request.targets = []
        guard let order else { return request }
        if let rows = order.rows {
            request.rows.data = rows.text
            request.rows.location = .init()
            // It says how the rows of a file become records; those of a store are records.
            request.rows.mapping = RowMapping()
        }
        request.runName = order.runName ?? request.runName
        request.tags.merge(order.tags) { _, new in new }
        guard request.rows.data != nil else {
            throw Diagnostic(
                "the suite '\(name)' names no rows",
                help: "Order it with `data`: dataset:NAME or traces:CONDITION."
            )
        }
        return request
    }

    /// The suite for those who want to start it.
    var listing: SuiteListing {
        do throws(Diagnostic) {
            let request = try request()
            return SuiteListing(
                name: name,
                experiment: request.experiment,
                data: request.rows.data,
                scorers: request.scorers.map { $0.name ?? $0.scorer }
            )
        } catch {
            return SuiteListing(name: name, experiment: "", data: nil, scorers: [], fault: error.description)
        }
    }

    private func options() throws(Diagnostic) -> EvaluateOptions {
        do {
            var options = try EvaluateOptions.parse([])
            options.plugins = plugins
            return options
        } catch {
            throw Diagnostic("\(error)")
        }
    }
}
