//! What this scorer needs of evalhost/scorer.h, in Rust: the same structs, member by member, and nothing else.
//!
//! The header is the specification: threads, ownership and limits stand there. A struct that grows begins with
//! `struct_size`; zero means "not said" throughout.
#![allow(dead_code)]

use std::os::raw::{c_char, c_void};

pub const ABI_VERSION: u32 = 0x0001_0000;

pub type Status = i32;
pub const OK: Status = 0;
pub const SKIP: Status = 2;

pub const KIND_INTEGER: u32 = 4;
pub const KIND_NUMBER: u32 = 5;

pub const HAS_MINIMUM: u32 = 1;
pub const HAS_MAXIMUM: u32 = 2;
pub const HIGHER_IS_BETTER: u32 = 1;
pub const DETERMINISTIC: u32 = 2;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Text {
    pub data: *const c_char,
    pub size: u64,
}

impl Text {
    /// A view that is absent.
    pub const NONE: Text = Text { data: std::ptr::null(), size: 0 };

    /// A view of a string, for answers: the host copies before the call returns.
    pub fn of(text: &str) -> Text {
        Text { data: text.as_ptr().cast(), size: text.len() as u64 }
    }

    /// The text. What the host hands over is valid UTF-8 and never null.
    ///
    /// # Safety
    /// It must come from the host, and `'a` must not outlive the call.
    pub unsafe fn as_str<'a>(self) -> &'a str {
        std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.data.cast(), self.size as usize))
    }
}

#[repr(C)]
pub struct Field {
    pub kind: u32,
    reserved0: u32,
    pub text: Text,
    pub integer: i64,
    pub number: f64,
    pub items: *const c_void,
    pub count: u64,
    reserved1: u64,
}

#[repr(C)]
pub struct Record {
    pub struct_size: u32,
    pub field_count: u32,
    pub fields: *const Field,
    pub id: Text,
    pub host: *const c_void,
}

#[repr(C)]
pub struct Value {
    pub struct_size: u32,
    pub kind: u32,
    pub integer: i64,
    pub number: f64,
    pub text: Text,
    pub rationale: Text,
    pub metadata: Text,
    pub span_id: Text,
}

impl Value {
    pub fn number(number: f64, rationale: &str) -> Value {
        Value {
            struct_size: std::mem::size_of::<Value>() as u32,
            kind: KIND_NUMBER,
            integer: 0,
            number,
            text: Text::NONE,
            rationale: Text::of(rationale),
            metadata: Text::NONE,
            span_id: Text::NONE,
        }
    }
}

#[repr(C)]
pub struct SinkTable {
    pub struct_size: u32,
    reserved: u32,
    pub put_number: unsafe extern "C" fn(*const Sink, u32, f64) -> Status,
    pub put_integer: unsafe extern "C" fn(*const Sink, u32, u32, i64) -> Status,
    pub put_value: unsafe extern "C" fn(*const Sink, u32, *const Value) -> Status,
    pub put_message: unsafe extern "C" fn(*const Sink, *const c_char, u64) -> Status,
}

#[repr(C)]
pub struct Sink {
    pub struct_size: u32,
    reserved: u32,
    pub table: *const SinkTable,
    host: *mut c_void,
    host_words: [u64; 2],
}

#[repr(C)]
pub struct Setup {
    pub struct_size: u32,
    pub setting_count: u32,
    pub scorer: *const Scorer,
    pub settings: *const Field,
    pub json: Text,
    pub instance: Text,
    pub host: *const c_void,
    pub reject: unsafe extern "C" fn(*const Setup, i32, *const c_char, u64) -> Status,
    opaque: *mut c_void,
}

#[repr(C)]
pub struct ValueType {
    pub kind: u32,
    pub flags: u32,
    pub minimum: f64,
    pub maximum: f64,
    pub labels: *const *const c_char,
    pub label_count: u32,
    pub reserved0: u32,
    pub reserved1: u64,
}

#[repr(C)]
pub struct Setting {
    pub key: *const c_char,
    pub kind: u32,
    pub flags: u32,
    pub default_value: *const c_char,
    pub help: *const c_char,
    pub minimum: f64,
    pub maximum: f64,
    pub choices: *const *const c_char,
    pub choice_count: u32,
    pub reserved0: u32,
    pub reserved: [u64; 4],
}

#[repr(C)]
pub struct Scorer {
    pub struct_size: u32,
    pub flags: u32,
    pub name: *const c_char,
    pub help: *const c_char,
    pub reads: *const c_char,
    pub value: ValueType,
    pub unit: *const c_char,
    pub pass: *const c_char,
    pub aggregations: *const c_char,
    pub direction: u32,
    pub setting_count: u32,
    pub settings: *const Setting,
    pub feedbacks: *const c_void,
    pub feedback_count: u32,
    pub reserved: u32,
    pub create: Option<unsafe extern "C" fn(*const Setup, *mut *mut c_void) -> Status>,
    pub score: Option<unsafe extern "C" fn(*mut c_void, *const Record, *const Sink) -> Status>,
    pub destroy: Option<unsafe extern "C" fn(*mut c_void)>,
    pub extension: Option<unsafe extern "C" fn(*const Scorer, *const c_char, u32) -> *const c_void>,
}

#[repr(C)]
pub struct Plugin {
    pub struct_size: u32,
    pub abi_version: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub author: *const c_char,
    pub licence: *const c_char,
    pub problem: *const c_char,
    pub scorers: *const *const Scorer,
    pub scorer_count: u32,
    pub reserved0: u32,
    pub permissions: *const c_void,
    pub permission_count: u32,
    pub reserved1: u32,
}

/// A constant of the description: pointers to other constants, which nobody changes.
#[repr(transparent)]
pub struct Constant<T>(pub T);
unsafe impl<T> Sync for Constant<T> {}

/// The note by which the host recognises a plugin before it runs a line of it.
#[repr(C)]
pub struct Note {
    name_size: u32,
    description_size: u32,
    kind: u32,
    name: [u8; 12],
    abi_version: u32,
}

#[used]
#[link_section = ".note.evalhost"]
static NOTE: Note =
    Note { name_size: 9, description_size: 4, kind: 1, name: *b"evalhost\0\0\0\0", abi_version: ABI_VERSION };
