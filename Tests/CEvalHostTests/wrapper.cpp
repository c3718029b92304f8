// The C++ wrapper as an author uses it: scorers of rows and of sessions that throw, and every extension.
#include <evalhost/scorer.hpp>

struct Similarity {
    explicit Similarity(const evalhost_setup &setup) : ignore_case(setup.settings[0].integer != 0) {
        if (setup.setting_count != 1) throw evalhost::rejection(0, "one setting expected");
    }
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) {
        std::string answer = evalhost::string(row.fields[0].text);
        if (answer.empty()) throw std::runtime_error("nothing to compare");
        if (answer == "later") throw evalhost::retry("not yet");
        evalhost_value value = evalhost_value_of_number(ignore_case ? 1 : 0);
        value.rationale = evalhost::text(answer);
        return evalhost_put(&out, 0, &value);
    }
    bool ignore_case;
};

// Asks the judge with a prompt from the assets, and logs what came back.
struct Asking {
    explicit Asking(const evalhost_setup &setup) : judge(setup), log(setup), prompt(evalhost::assets(setup).get("prompt.txt")) {
        log.info("asks " + judge.model());
    }
    evalhost_status score(const evalhost_record &row, const evalhost_sink &out) {
        evalhost_judge_reply reply = judge.ask(
            row, {evalhost::judge::system(evalhost::string(prompt)), evalhost::judge::user(evalhost::string(row.fields[0].text))},
            "{\"type\":\"object\"}");
        if (reply.from_cache) log.write(EVALHOST_LOG_DEBUG, "from the cache", &row);
        return evalhost_string(&out, reply.reply);
    }
    evalhost::judge judge;
    evalhost::logger log;
    evalhost_text prompt;
};

// Counts turns.
struct Turns {
    explicit Turns(const evalhost_setup &) {}
    evalhost_status score(const evalhost_session &session, const evalhost_sink &out) {
        if (session.turn_count > 100) throw std::length_error("a long session");
        return evalhost_integer(&out, session.turn_count);
    }
};

static evalhost_scorer similarity() {
    static const evalhost_setting settings[] = {
        evalhost::setting("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare without regard to ASCII case.")};
    evalhost_scorer scorer = evalhost::scorer<Similarity>("similarity", "outputs", evalhost::number(0, 1));
    scorer.settings = settings;
    scorer.setting_count = 1;
    return scorer;
}

static evalhost_scorer asking() {
    evalhost_scorer scorer = evalhost::scorer<Asking>("asking", "outputs", evalhost::type(EVALHOST_KIND_TEXT));
    scorer.flags = EVALHOST_CALLS_JUDGE;
    return scorer;
}

static const evalhost_permission permissions[] = {evalhost::permission("read:/srv/words", "reads the word list")};

EVALHOST_CPP_LIBRARY(evalhost::about("wrapped", "1.0.0").author("us").licence("Apache-2.0").permissions(permissions),
                     similarity(), asking(), evalhost::session_scorer<Turns>("turns", "outputs?", evalhost::integer()))
