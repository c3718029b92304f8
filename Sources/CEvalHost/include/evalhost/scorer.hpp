// evalhost/scorer.hpp: <evalhost/scorer.h> for C++11 and later. A scorer is a class; its exceptions become errors.
//
//     struct Similarity {
//         explicit Similarity(const evalhost_setup &setup) : ignore_case(setup.settings[0].integer != 0) {}
//         evalhost_status score(const evalhost_record &row, const evalhost_sink &out) {
//             return evalhost_number(&out, similarity(evalhost::string(row.fields[0].text), ignore_case));
//         }
//         bool ignore_case;
//     };
//     static evalhost_scorer similarity() {
//         static const evalhost_setting settings[] = {evalhost::setting(
//             "ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare without regard to ASCII case.")};
//         evalhost_scorer scorer = evalhost::scorer<Similarity>("similarity", "outputs", evalhost::number(0, 1));
//         scorer.settings = settings;
//         scorer.setting_count = 1;
//         return scorer;
//     }
//     EVALHOST_CPP_PLUGIN("similarity", "1.0.0", similarity())
//
// A constructor refuses its settings by throwing evalhost::rejection, score skips a row by `return evalhost_skip(…)` and
// asks for another try by throwing evalhost::retry; every other exception is the row's error, with what() as its message.
// A class that scores sessions has `score(const evalhost_session &, const evalhost_sink &)` and is declared by
// evalhost::session_scorer. The extensions are classes, to be made in the constructor from its setup: evalhost::judge,
// evalhost::logger, evalhost::assets. Every callback is noexcept: nothing unwinds across the boundary.
//
// What scorer.h says of threads, ownership and lifetime holds here. An object of the class is made, used and destroyed on one
// thread; several may be at work at the same time. Rows, sessions and sinks are valid until score returns. Functions that make
// values or declarations return them by value, point to what they were given, and may be called on any thread.
#ifndef EVALHOST_SCORER_HPP
#define EVALHOST_SCORER_HPP

#include <evalhost/ext/assets.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>

#include <cstring>
#include <exception>
#include <initializer_list>
#include <stdexcept>
#include <string>

namespace evalhost {

// Thrown by a scorer's constructor: the setting with this index (-1: none in particular) can't be used.
class rejection : public std::runtime_error {
  public:
    rejection(int32_t index, const std::string &why) : std::runtime_error(why), setting(index) {}
    const int32_t setting;
};

// Thrown by score: a transient failure; the host asks once more, later.
class retry : public std::runtime_error {
  public:
    explicit retry(const std::string &why) : std::runtime_error(why) {}
};

// Thrown by judge::ask: there is no reply, and why. Left alone it becomes the row's error.
class judge_error : public std::runtime_error {
  public:
    explicit judge_error(const std::string &why) : std::runtime_error(why) {}
};

// A copy of a text that may outlive the call. Throws what std::string throws.
inline std::string string(evalhost_text text) { return std::string(text.data, static_cast<size_t>(text.size)); }

// A view of a string, valid as long as that is unchanged: for values, which the host copies before the call returns.
inline evalhost_text text(const std::string &string) {
    evalhost_text text = {string.data(), static_cast<uint64_t>(string.size())};
    return text;
}

// Types of values.
inline evalhost_value_type type(uint32_t kind) {
    evalhost_value_type type = evalhost_value_type();
    type.kind = kind;
    return type;
}
inline evalhost_value_type number(double minimum, double maximum) {
    evalhost_value_type bounded = type(EVALHOST_KIND_NUMBER);
    bounded.flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM;
    bounded.minimum = minimum;
    bounded.maximum = maximum;
    return bounded;
}
inline evalhost_value_type number() { return type(EVALHOST_KIND_NUMBER); }
inline evalhost_value_type integer() { return type(EVALHOST_KIND_INTEGER); }
inline evalhost_value_type integer(double minimum, double maximum) {
    evalhost_value_type bounded = number(minimum, maximum);
    bounded.kind = EVALHOST_KIND_INTEGER;
    return bounded;
}
inline evalhost_value_type boolean() { return type(EVALHOST_KIND_BOOLEAN); }
inline evalhost_value_type category(const char *const *labels, uint32_t count) {
    evalhost_value_type category = type(EVALHOST_KIND_LABEL);
    category.labels = labels;
    category.label_count = count;
    return category;
}

// A declared setting; set further members (flags, minimum, choices, …) afterwards.
inline evalhost_setting setting(const char *key, uint32_t kind, const char *default_value, const char *help) {
    evalhost_setting setting = evalhost_setting();
    setting.key = key;
    setting.kind = kind;
    setting.default_value = default_value;
    setting.help = help;
    return setting;
}

// What the library needs beyond computing, and why: evalhost::permission("network", "fetches word vectors").
inline evalhost_permission permission(const char *spelling, const char *reason) {
    evalhost_permission permission = evalhost_permission();
    permission.permission = spelling;
    permission.reason = reason;
    return permission;
}

// The run's judge, for a scorer whose flags have EVALHOST_CALLS_JUDGE. Without one the constructor throws rejection, and so
// does the scorer's. Keep it in the scorer: it is valid as long as that.
class judge {
  public:
    explicit judge(const evalhost_setup &setup)
        : host(setup.host), table(static_cast<const evalhost_judge *>(evalhost_extension(
                                setup.host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION))) {
        if (!table) throw rejection(-1, "it asks a judge, and this run has none");
    }
    static evalhost_message system(const std::string &content) { return evalhost_message_of("system", text(content)); }
    static evalhost_message user(const std::string &content) { return evalhost_message_of("user", text(content)); }
    static evalhost_message assistant(const std::string &content) {
        return evalhost_message_of("assistant", text(content));
    }

    // The model that the run asks for.
    std::string model() const { return string(table->model); }

    // Asks and waits: ask(row, {judge::user(question)}, schema). Only on the thread that scores this row, in score. The strings
    // behind the messages must live until it returns. The reply's texts are the host's, and valid until score returns.
    // Throws judge_error where there is no reply.
    evalhost_judge_reply ask(const evalhost_record &row, std::initializer_list<evalhost_message> messages,
                             const std::string &schema, uint32_t sample = 0) const {
        evalhost_judge_request request = evalhost_judge_request_of(
            messages.begin(), static_cast<uint32_t>(messages.size()), text(schema));
        request.sample = sample;
        evalhost_judge_reply reply = evalhost_judge_reply_of();
        if (table->ask(host, &row, &request, &reply) != EVALHOST_OK) {
            throw judge_error(reply.error.size ? string(reply.error) : std::string("the judge gave no reply"));
        }
        return reply;
    }

  private:
    const evalhost_host *host;
    const evalhost_judge *table;
};

// Lines for the people who run the evaluation; does nothing where the host takes none. From any thread, as long as the scorer
// lives; `row` only on the thread that scores it. It copies, never waits and never throws.
class logger {
  public:
    explicit logger(const evalhost_setup &setup)
        : host(setup.host), table(static_cast<const evalhost_log *>(evalhost_extension(setup.host, EVALHOST_EXT_LOG,
                                                                                      EVALHOST_EXT_LOG_REVISION))) {}
    bool keeps(uint32_t level) const { return table && level >= table->minimum_level; }
    void write(uint32_t level, const std::string &line, const evalhost_record *row = nullptr) const {
        if (keeps(level)) table->write(host, row, level, text(line));
    }
    void info(const std::string &line) const { write(EVALHOST_LOG_INFO, line); }
    void warning(const std::string &line) const { write(EVALHOST_LOG_WARNING, line); }

  private:
    const evalhost_host *host;
    const evalhost_log *table;
};

// The files in the folder `assets` beside the library. From any thread, as long as the scorer lives. What is found is the host's,
// read-only, the same for all scorers.
class assets {
  public:
    explicit assets(const evalhost_setup &setup)
        : host(setup.host), table(static_cast<const evalhost_assets *>(evalhost_extension(
                                setup.host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION))) {}

    // Whether there is such a file; then `bytes` is its content, valid as long as the scorer.
    bool find(const std::string &path, evalhost_text &bytes) const {
        return table && table->find(host, path.c_str(), &bytes) == EVALHOST_OK;
    }

    // The content of a file that must be there; throws std::runtime_error where it isn't.
    evalhost_text get(const std::string &path) const {
        evalhost_text bytes = {nullptr, 0};
        if (!find(path, bytes)) throw std::runtime_error("the file assets/" + path + " is missing");
        return bytes;
    }

  private:
    const evalhost_host *host;
    const evalhost_assets *table;
};

// The C callbacks over a class with a constructor from `const evalhost_setup &` and a member function `score`, of rows
// or of sessions: only those that a declaration uses are compiled.
template <class Scorer> struct callbacks {
    static evalhost_status create(const evalhost_setup *setup, void **self) noexcept {
        try {
            *self = new Scorer(*setup);
            return EVALHOST_OK;
        } catch (const rejection &reason) {
            return evalhost_reject(setup, reason.setting, reason.what());
        } catch (const std::exception &reason) {
            return evalhost_reject(setup, -1, reason.what());
        } catch (...) {
            return evalhost_reject(setup, -1, "an exception of unknown type");
        }
    }
    static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) noexcept {
        return judged(self, row, out);
    }
    static evalhost_status score_session(void *self, const evalhost_session *session,
                                         const evalhost_sink *out) noexcept {
        return judged(self, session, out);
    }
    static void destroy(void *self) noexcept { delete static_cast<Scorer *>(self); }

    // What a scorer of sessions answers to the host's question for evalhost.session.
    static const void *session_extension(const evalhost_scorer *, const char *id, uint32_t revision) noexcept {
        static const evalhost_session_scorer table = {static_cast<uint32_t>(sizeof table), 0, score_session};
        const bool is_session = std::strcmp(id, EVALHOST_EXT_SESSION) == 0;
        return is_session && revision == EVALHOST_EXT_SESSION_REVISION ? &table : nullptr;
    }

  private:
    template <class Subject>
    static evalhost_status judged(void *self, const Subject *subject, const evalhost_sink *out) noexcept {
        try {
            return static_cast<Scorer *>(self)->score(*subject, *out);
        } catch (const retry &reason) {
            return evalhost_retry(out, reason.what());
        } catch (const std::exception &reason) {
            return evalhost_error(out, reason.what());
        } catch (...) {
            return evalhost_error(out, "an exception of unknown type");
        }
    }
};

// A scorer made of a class; set further members afterwards. The strings must be literals, or live as long.
template <class Scorer>
inline evalhost_scorer scorer(const char *name, const char *reads, const evalhost_value_type &value) {
    evalhost_scorer scorer = evalhost_scorer();
    scorer.struct_size = static_cast<uint32_t>(sizeof scorer);
    scorer.name = name;
    scorer.reads = reads;
    scorer.value = value;
    scorer.create = callbacks<Scorer>::create;
    scorer.score = callbacks<Scorer>::score;
    scorer.destroy = callbacks<Scorer>::destroy;
    return scorer;
}

// The same of a class that scores sessions.
template <class Scorer>
inline evalhost_scorer session_scorer(const char *name, const char *reads, const evalhost_value_type &value) {
    evalhost_scorer scorer = evalhost_scorer();
    scorer.struct_size = static_cast<uint32_t>(sizeof scorer);
    scorer.flags = EVALHOST_SCORES_SESSION;
    scorer.name = name;
    scorer.reads = reads;
    scorer.value = value;
    scorer.create = callbacks<Scorer>::create;
    scorer.destroy = callbacks<Scorer>::destroy;
    scorer.extension = callbacks<Scorer>::session_extension;
    return scorer;
}

// What a library says of itself: about("similarity", "1.0.0").licence("Apache-2.0"). Strings and arrays must be static.
class about {
  public:
    about(const char *name, const char *version) : plugin() {
        plugin.struct_size = static_cast<uint32_t>(sizeof plugin);
        plugin.abi_version = EVALHOST_ABI_VERSION;
        plugin.name = name;
        plugin.version = version;
    }
    about &author(const char *author) {
        plugin.author = author;
        return *this;
    }
    about &licence(const char *licence) {
        plugin.licence = licence;
        return *this;
    }
    template <uint32_t count> about &permissions(const evalhost_permission (&permissions)[count]) {
        plugin.permissions = permissions;
        plugin.permission_count = count;
        return *this;
    }
    evalhost_plugin plugin;
};

// What the entry function keeps: scorers, the array of pointers to them, the library.
template <uint32_t count> struct library {
    library(const about &about, const evalhost_scorer (&given)[count]) : plugin(about.plugin) {
        for (uint32_t index = 0; index < count; index++) {
            scorers[index] = given[index];
            pointers[index] = &scorers[index];
        }
        plugin.scorers = pointers;
        plugin.scorer_count = count;
    }
    evalhost_scorer scorers[count];
    const evalhost_scorer *pointers[count];
    evalhost_plugin plugin;
};

}  // namespace evalhost

// Defines the library of these scorers (values of type evalhost_scorer).
#define EVALHOST_CPP_PLUGIN(plugin_name, plugin_version, ...)                                                          \
    EVALHOST_CPP_LIBRARY(evalhost::about(plugin_name, plugin_version), __VA_ARGS__)

// The same with all that evalhost::about can say.
#define EVALHOST_CPP_LIBRARY(library_about, ...)                                                                       \
    EVALHOST_NOTE                                                                                                      \
    EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);                                                \
    const evalhost_plugin *evalhost_plugin_entry(void) {                                                               \
        static const evalhost_scorer scorers[] = {__VA_ARGS__};                                                        \
        static const evalhost::library<EVALHOST_COUNT_OF(scorers)> library(library_about, scorers);                    \
        return &library.plugin;                                                                                        \
    }

#endif
