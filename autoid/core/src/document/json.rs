use alloc::format;
use alloc::string::String;

/// Writes JSON without white space.
#[derive(Debug, Default)]
pub(super) struct Json {
    text: String,
    /// Whether a value stands before the next one in the same object or array.
    follows: bool,
}

impl Json {
    pub(super) const fn new() -> Self {
        Self { text: String::new(), follows: false }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn begin(&mut self) {
        if self.follows {
            self.text.push(',');
        }
        self.follows = true;
    }

    pub(super) fn text(&mut self, value: &str) {
        self.begin();
        self.quoted(value);
    }

    pub(super) fn boolean(&mut self, value: bool) {
        self.begin();
        self.text.push_str(if value { "true" } else { "false" });
    }

    fn quoted(&mut self, value: &str) {
        self.text.push('"');
        for character in value.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                control if u32::from(control) < 0x20 => {
                    self.text.push_str(&format!("\\u{:04x}", u32::from(control)));
                }
                other => self.text.push(other),
            }
        }
        self.text.push('"');
    }

    pub(super) fn object(&mut self, put: impl FnOnce(&mut Self)) {
        self.begin();
        self.text.push('{');
        self.follows = false;
        put(self);
        self.text.push('}');
        self.follows = true;
    }

    pub(super) fn field(&mut self, name: &str, put: impl FnOnce(&mut Self)) {
        self.begin();
        self.quoted(name);
        self.text.push(':');
        self.follows = false;
        put(self);
        self.follows = true;
    }

    pub(super) fn open_array(&mut self) {
        self.begin();
        self.text.push('[');
        self.follows = false;
    }

    pub(super) fn close_array(&mut self) {
        self.text.push(']');
        self.follows = true;
    }

    pub(super) fn array<T>(
        &mut self,
        values: impl IntoIterator<Item = T>,
        mut put: impl FnMut(&mut Self, T),
    ) {
        self.open_array();
        for value in values {
            put(self, value);
        }
        self.close_array();
    }
}
