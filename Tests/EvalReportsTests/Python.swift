// Parsers of somebody else, so that our documents are not judged by our own understanding of them.

import EvalJSON
import Foundation

/// Python's standard library.
enum Python {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a script that reads a document from standard input and prints JSON.
    static func run(_ script: String, on document: String) throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalhost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("document")
        try Data(document.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, file.path]
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: complaint) }
        return try JSON(parsing: text)
    }

    /// Reads XML and checks it against the rules of JUnit files that Jenkins' junit-10.xsd has: what may be in what,
    /// which attributes there are and must be, and that the counts are those of what is there.
    static let junit = #"""
        import json, re, sys
        import xml.etree.ElementTree as tree
        root = tree.parse(sys.argv[1]).getroot()
        allowed = {
            'testsuites': ({'testsuite'}, {'name', 'time', 'tests', 'failures', 'errors'}, set()),
            'testsuite': ({'properties', 'testcase', 'system-out', 'system-err'},
                {'name', 'tests', 'failures', 'errors', 'group', 'time', 'skipped', 'timestamp', 'hostname', 'id',
                 'package', 'file', 'log', 'url', 'version'}, {'name', 'tests', 'failures', 'errors'}),
            'testcase': ({'skipped', 'error', 'failure', 'system-out', 'system-err'},
                {'name', 'time', 'classname', 'group'}, {'name'}),
            'failure': (set(), {'type', 'message'}, set()),
            'error': (set(), {'type', 'message'}, set()),
            'skipped': (set(), {'type', 'message'}, set()),
        }
        def check(element):
            children, attributes, required = allowed[element.tag]
            assert {child.tag for child in element} <= children, element.tag
            assert required <= set(element.attrib) <= attributes, (element.tag, element.attrib)
            if 'time' in element.attrib: assert re.fullmatch(r'[0-9]+\.[0-9]{3}', element.attrib['time'])
            for child in element: check(child)
        assert root.tag == 'testsuites'
        check(root)
        for suite in root:
            for attribute, tag in [('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')]:
                found = len(suite.findall('testcase/' + tag))
                assert int(suite.attrib[attribute]) == found, (suite.attrib, tag, found)
            assert int(suite.attrib['tests']) == len(suite.findall('testcase'))
        for attribute in ['tests', 'failures', 'errors']:
            assert int(root.attrib[attribute]) == sum(int(suite.attrib[attribute]) for suite in root)
        def case(element):
            return {'name': element.attrib['name'], 'outcome': element[0].tag if len(element) else 'pass',
                    'message': element[0].attrib['message'] if len(element) else None,
                    'text': element[0].text if len(element) else None}
        print(json.dumps([{'name': suite.attrib['name'], 'cases': [case(c) for c in suite]} for suite in root]))
        """#

    /// Reads HTML and checks that every element is closed in its order, that nothing loads or runs, that ids are not
    /// given twice, and that tables have headers; prints the text and the elements.
    static let html = #"""
        import base64, hashlib, json, sys
        from html.parser import HTMLParser
        void = {'meta', 'br', 'wbr', 'link', 'img', 'input', 'hr'}
        drawn = {'rect', 'line', 'circle'}
        class Reader(HTMLParser):
            def __init__(self):
                super().__init__(convert_charrefs=True)
                self.open, self.tags, self.ids, self.text, self.links = [], {}, [], [], []
                self.style, self.policy, self.scopes = '', '', 0
            def handle_starttag(self, tag, attrs):
                self.tags[tag] = self.tags.get(tag, 0) + 1
                names = [name for name, _ in attrs]
                assert len(names) == len(set(names)), (tag, names)
                for name, value in attrs:
                    assert not name.startswith('on') and name not in ('src', 'style', 'srcset', 'action'), (tag, name)
                    if name == 'href':
                        assert value.startswith('#'), value
                        self.links.append(value[1:])
                    if name == 'id': self.ids.append(value)
                    if name == 'scope': self.scopes += 1
                values = dict(attrs)
                if tag == 'svg': assert values.get('aria-hidden') == 'true' or values.get('aria-label'), attrs
                if values.get('http-equiv') == 'Content-Security-Policy': self.policy = values['content']
                if tag not in void: self.open.append(tag)
            def handle_startendtag(self, tag, attrs):
                assert tag in drawn, tag
                self.tags[tag] = self.tags.get(tag, 0) + 1
            def handle_endtag(self, tag):
                assert self.open and self.open.pop() == tag, (tag, self.open, self.getpos())
            def handle_data(self, data):
                if self.open and self.open[-1] == 'style': self.style += data
                else: self.text.append(data)
            def handle_comment(self, data): raise AssertionError('a comment: ' + data)
            def unknown_decl(self, data): raise AssertionError('a declaration: ' + data)
        reader = Reader()
        reader.feed(open(sys.argv[1], encoding='utf-8', newline='').read())
        reader.close()
        assert not reader.open, reader.open
        assert len(reader.ids) == len(set(reader.ids)), reader.ids
        assert set(reader.links) <= set(reader.ids), reader.links
        for tag in ['script', 'img', 'iframe', 'object', 'embed', 'link', 'form', 'base']: assert tag not in reader.tags
        assert reader.tags.get('th', 0) == reader.scopes
        digest = base64.b64encode(hashlib.sha256(reader.style.encode()).digest()).decode()
        assert "'sha256-" + digest + "'" in reader.policy and "default-src 'none'" in reader.policy, reader.policy
        assert 'url(' not in reader.style and '@import' not in reader.style
        print(json.dumps({'text': ''.join(reader.text), 'tags': reader.tags}))
        """#
}
