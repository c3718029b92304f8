// A command as the shell gets it. Where the shell would only wait for one program, the program takes its place: signals
// and the exit status are the program's own then, and it dies with us (see ChildLife). Debian's shell doesn't do so itself.

/// Words for `/bin/sh -c`.
enum ShellCommand {
    /// The command, with `exec` before it if it is one program with its arguments for certain.
    static func executing(_ command: String) -> String {
        let trimmed = command.drop { $0 == " " || $0 == "\t" }
        let program = trimmed.prefix { !" \t".contains($0) }
        guard !program.isEmpty,
            program.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_./-+".contains($0)) }),
            !ownWords.contains(String(program)), !trimmed.contains(where: { ";&|()`{}!\\\n\r".contains($0) })
        else { return command }
        return "exec \(trimmed)"
    }

    /// What the shell does itself, and the beginnings of what is more than one program.
    private static let ownWords: Set<String> = [
        ".", "alias", "bg", "break", "case", "cd", "chdir", "command", "continue", "do", "done", "echo", "elif", "else",
        "esac", "eval", "exec", "exit", "export", "false", "fc", "fg", "fi", "for", "function", "getopts", "hash", "if",
        "in", "jobs", "kill", "local", "printf", "pwd", "read", "readonly", "return", "set", "shift", "source", "test",
        "then", "time", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "until", "wait",
        "while",
    ]
}
