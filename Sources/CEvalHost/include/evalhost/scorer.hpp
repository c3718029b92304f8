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
// A constructor refuses its settings by throwing evalhost::rejection, score skips a row by `return evalhost_skip(…)`.
// Every callback is noexcept: nothing unwinds across the boundary.
#ifndef EVALHOST_SCORER_HPP
#define EVALHOST_SCORER_HPP

#include <evalhost/scorer.h>

#include <exception>
#include <stdexcept>
#include <string>

namespace evalhost {

// Thrown by a scorer's constructor: the setting with this index (-1: none in particular) can't be used.
class rejection : public std::runtime_error {
  public:
    rejection(int32_t index, const std::string &why) : std::runtime_error(why), setting(index) {}
    const int32_t setting;
};

// A copy of a text that may outlive the call.
inline std::string string(evalhost_text text) { return std::string(text.data, static_cast<size_t>(text.size)); }

// A view of a string: for values, which the host copies before the call returns.
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
inline evalhost_value_type boolean() { return type(EVALHOST_KIND_BOOLEAN); }

// A declared setting; set further members (flags, minimum, choices, …) afterwards.
inline evalhost_setting setting(const char *key, uint32_t kind, const char *default_value, const char *help) {
    evalhost_setting setting = evalhost_setting();
    setting.key = key;
    setting.kind = kind;
    setting.default_value = default_value;
    setting.help = help;
    return setting;
}

// The C callbacks over a class with a constructor from `const evalhost_setup &` and a member function `score`.
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
        try {
            return static_cast<Scorer *>(self)->score(*row, *out);
        } catch (const std::exception &reason) {
            return evalhost_error(out, reason.what());
        } catch (...) {
            return evalhost_error(out, "an exception of unknown type");
        }
    }
    static void destroy(void *self) noexcept { delete static_cast<Scorer *>(self); }
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

// What the entry function keeps: scorers, the array of pointers to them, the library.
template <uint32_t count> struct library {
    library(const char *name, const char *version, const evalhost_scorer (&given)[count]) : plugin() {
        for (uint32_t index = 0; index < count; index++) {
            scorers[index] = given[index];
            pointers[index] = &scorers[index];
        }
        plugin.struct_size = static_cast<uint32_t>(sizeof plugin);
        plugin.abi_version = EVALHOST_ABI_VERSION;
        plugin.name = name;
        plugin.version = version;
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
    EVALHOST_NOTE                                                                                                      \
    EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);                                                \
    const evalhost_plugin *evalhost_plugin_entry(void) {                                                               \
        static const evalhost_scorer scorers[] = {__VA_ARGS__};                                                        \
        static const evalhost::library<EVALHOST_COUNT_OF(scorers)> library(plugin_name, plugin_version, scorers);      \
        return &library.plugin;                                                                                        \
    }

#endif
