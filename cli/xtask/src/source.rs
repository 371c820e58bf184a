//! Rust sources without what the rules do not look at.

/// Blanks comments and the contents of string and character literals; keeps every line break.
pub(crate) fn code_only(text: &str) -> String {
    let source: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&now) = source.get(at) {
        let end = match now {
            '/' if source.get(at + 1) == Some(&'/') => line_end(&source, at),
            '/' if source.get(at + 1) == Some(&'*') => block_comment_end(&source, at),
            '"' => string_end(&source, at),
            'r' if !is_word(before(&source, at)) || before(&source, at) == Some(&'b') => {
                raw_string_end(&source, at)
            }
            '\'' => character_end(&source, at),
            _ => at,
        };
        if end == at {
            code.push(now);
            at += 1;
        } else {
            code.extend(source[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// What code holds outside of tests: items under `#[cfg(test)]` are blanked. Also gives the names of the
/// modules that exist in tests only and have a file of their own.
pub(crate) fn without_tests(code: &str) -> (String, Vec<String>) {
    const MARK: &str = "#[cfg(test)]";
    let (mut kept, mut modules) = (String::new(), Vec::new());
    let mut rest = code;
    while let Some((ahead, item)) = rest.split_once(MARK) {
        kept.push_str(ahead);
        let end = item_end(item);
        let (item, after) = item.split_at(end);
        if let Some(name) = item.trim().strip_suffix(';').and_then(|item| item.rsplit_once("mod ")) {
            modules.push(name.1.trim().to_owned());
        }
        kept.extend(item.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    kept.push_str(rest);
    (kept, modules)
}

/// The words of a line of code: identifiers, keywords and numbers.
pub(crate) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The byte after an item: its closing brace, or its semicolon outside of any bracket.
fn item_end(item: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in item.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

fn before(source: &[char], at: usize) -> Option<&char> {
    at.checked_sub(1).and_then(|last| source.get(last))
}

fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric() || *c == '_')
}

fn line_end(source: &[char], at: usize) -> usize {
    (at..source.len()).find(|i| source[*i] == '\n').unwrap_or(source.len())
}

fn block_comment_end(source: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0usize);
    while at < source.len() {
        match (source[at], source.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    source.len()
}

fn string_end(source: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < source.len() {
        match source[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    source.len()
}

/// The end of `r"..."` or `r#"..."#`; `at` itself when it is neither.
fn raw_string_end(source: &[char], at: usize) -> usize {
    let hashes = source[at + 1..].iter().take_while(|c| **c == '#').count();
    if source.get(at + 1 + hashes) != Some(&'"') {
        return at;
    }
    let mut end = at + 2 + hashes;
    while end < source.len() {
        let closing = source[end] == '"' && source[end + 1..].iter().take(hashes).all(|c| *c == '#');
        end += 1;
        if closing {
            return (end + hashes).min(source.len());
        }
    }
    source.len()
}

/// The end of a character literal; `at` itself for a lifetime.
fn character_end(source: &[char], at: usize) -> usize {
    if source.get(at + 1) == Some(&'\\') {
        let from = at + 3;
        return (from..source.len()).find(|i| source[*i] == '\'').map_or(source.len(), |i| i + 1);
    }
    if source.get(at + 2) == Some(&'\'') { at + 3 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_blanked_and_lines_kept() {
        let text = "let a = \"HashMap \\\" x\"; // HashMap\n/* f64 /* f32 */\n Instant */ let b: &'a u8 = '\\''; let c = '\"';\nlet d = r#\"f64 \" \"#; let e = br\"f64\"; let for_f = \"\";\n";
        let code = code_only(text);
        assert_eq!(code.lines().count(), text.lines().count());
        for word in ["HashMap", "f64", "f32", "Instant"] {
            assert!(!code.contains(word), "{code}");
        }
        for kept in ["let b: &'a u8", "let c", "let d", "let e", "let for_f"] {
            assert!(code.contains(kept), "{kept} in {code}");
        }
    }

    #[test]
    fn items_of_tests_are_blanked_and_their_files_named() {
        let text = "use a;\n#[cfg(test)]\nmod tests {\n fn f() { if x { y } }\n}\nfn kept() {}\n#[cfg(test)]\nmod other;\n#[cfg(test)]\nuse b::{c, d};\nfn last() {}\n";
        let (kept, modules) = without_tests(text);
        assert_eq!(kept.lines().count(), text.lines().count());
        assert!(kept.contains("fn kept() {}") && kept.contains("fn last() {}"));
        assert!(!kept.contains("fn f()"));
        assert_eq!(modules, ["other"]);
    }
}
