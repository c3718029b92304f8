//! The scorer `brevity`: 1 for an answer of at most `max_words` words, then less and less. Settings: `max_words`.

mod evalhost;

use evalhost::*;
use std::os::raw::{c_char, c_void};

struct Brevity {
    max_words: i64,
}

impl Brevity {
    /// The value, and the number of words; None for an answer without any.
    fn judge(&self, answer: &str) -> Option<(f64, usize)> {
        let words = answer.split_whitespace().count();
        if words == 0 {
            return None;
        }
        Some(((self.max_words as f64 / words as f64).min(1.0), words))
    }
}

/// The setting is validated by the host: a whole number above 0, or the default.
unsafe extern "C" fn create(setup: *const Setup, this: *mut *mut c_void) -> Status {
    let made = Brevity { max_words: (*(*setup).settings).integer };
    *this = Box::into_raw(Box::new(made)).cast();
    OK
}

unsafe extern "C" fn score(this: *mut c_void, row: *const Record, out: *const Sink) -> Status {
    let brevity = &*this.cast::<Brevity>();
    let answer = (*(*row).fields).text.as_str();
    match brevity.judge(answer) {
        Some((number, words)) => {
            let rationale = format!("{words} words, {} are fine", brevity.max_words);
            ((*(*out).table).put_value)(out, 0, &Value::number(number, &rationale))
        }
        None => {
            let message = "the answer has no words";
            ((*(*out).table).put_message)(out, message.as_ptr().cast(), message.len() as u64);
            SKIP
        }
    }
}

unsafe extern "C" fn destroy(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<Brevity>()));
}

/// A C string.
const fn c(text: &'static str) -> *const c_char {
    assert!(text.as_bytes()[text.len() - 1] == 0);
    text.as_ptr().cast()
}

const NULL: *const c_char = std::ptr::null();

static SETTINGS: Constant<[Setting; 1]> = Constant([Setting {
    key: c("max_words\0"),
    kind: KIND_INTEGER,
    flags: HAS_MINIMUM,
    default_value: c("50\0"),
    help: c("How many words are fine.\0"),
    minimum: 1.0,
    maximum: 0.0,
    choices: std::ptr::null(),
    choice_count: 0,
    reserved0: 0,
    reserved: [0; 4],
}]);

static BREVITY: Constant<Scorer> = Constant(Scorer {
    struct_size: std::mem::size_of::<Scorer>() as u32,
    flags: DETERMINISTIC,
    name: c("brevity\0"),
    help: c("Whether an answer is short: 1 for at most max_words words, then less and less.\0"),
    reads: c("outputs\0"),
    value: ValueType {
        kind: KIND_NUMBER,
        flags: HAS_MINIMUM | HAS_MAXIMUM,
        minimum: 0.0,
        maximum: 1.0,
        labels: std::ptr::null(),
        label_count: 0,
        reserved0: 0,
        reserved1: 0,
    },
    unit: NULL,
    pass: NULL,
    aggregations: NULL,
    direction: HIGHER_IS_BETTER,
    setting_count: 1,
    settings: &SETTINGS.0[0],
    feedbacks: std::ptr::null(),
    feedback_count: 0,
    reserved: 0,
    create: Some(create),
    score: Some(score),
    destroy: Some(destroy),
    extension: None,
});

static SCORERS: Constant<[*const Scorer; 1]> = Constant([&BREVITY.0]);

static PLUGIN: Constant<Plugin> = Constant(Plugin {
    struct_size: std::mem::size_of::<Plugin>() as u32,
    abi_version: ABI_VERSION,
    name: c("brevity\0"),
    version: c(concat!(env!("CARGO_PKG_VERSION"), "\0")),
    author: NULL,
    licence: c("Apache-2.0\0"),
    problem: NULL,
    scorers: &SCORERS.0[0],
    scorer_count: 1,
    reserved0: 0,
    permissions: std::ptr::null(),
    permission_count: 0,
    reserved1: 0,
});

#[no_mangle]
pub extern "C" fn evalhost_plugin_entry() -> *const Plugin {
    &PLUGIN.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_words() {
        let brevity = Brevity { max_words: 2 };
        assert_eq!(brevity.judge("one two"), Some((1.0, 2)));
        assert_eq!(brevity.judge(" one\ntwo three  four "), Some((0.5, 4)));
        assert_eq!(brevity.judge(" "), None);
    }

    #[test]
    fn structs_are_as_large_as_in_the_header() {
        assert_eq!(std::mem::size_of::<Field>(), 64);
        assert_eq!(std::mem::size_of::<ValueType>(), 48);
        assert_eq!(std::mem::size_of::<Setting>(), 96);
    }
}
