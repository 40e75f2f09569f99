//! How deep a script nests, told without recursion, before a parser is let near it.
//!
//! The parser and the scope analysis recurse with the code, and a stack that is used up ends the process. So the tokens
//! are looked through first, in one pass: brackets and, between separators, every token add to the depth, as each may
//! be an operator whose operand is one level deeper. The estimate is never too low for code that is valid; where a `/`
//! may begin a regular expression or divide, what it might hide is counted as well.

/// What an open bracket counts, against 1 for a token: the parser goes through all levels of precedence for each.
const BRACKET: usize = 8;

/// What was read last, as far as it decides what comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// An operand is complete: a `/` divides.
    Operand,
    /// An operand has to follow: a `/` begins a regular expression.
    Operator,
    /// A closing brace, or a word that is a keyword in some places only: a `/` most likely begins one.
    Doubtful,
}

/// An open bracket.
struct Level {
    /// Tokens since the last separator before it.
    run: usize,
    /// Whether it is the head of an `if`, `for`, `while` or `with`, after which an operand may follow.
    head: bool,
    /// Whether it is the `${` of a template.
    template: bool,
}

struct Scan<'s> {
    source: &'s [u8],
    at: usize,
    levels: Vec<Level>,
    /// Tokens since the last separator.
    run: usize,
    /// What that was at the last separator: an `else` after it goes on with the statement that it ended.
    before_separator: usize,
    /// The depth of all open levels.
    outer: usize,
    /// Brackets that a doubtful regular expression or comment may hide.
    hidden: usize,
    deepest: usize,
    /// No regular expression begins before this offset: one did not end on its line, so the line is not read again.
    divides_until: usize,
    last: Last,
    /// Whether the last word was the name of a statement with a head.
    head_follows: bool,
    after_dot: bool,
}

/// The depth of `source`: its open brackets, each counted eight times, and the tokens of an expression or statement.
pub(super) fn depth(source: &str) -> usize {
    let mut scan = Scan {
        source: source.as_bytes(),
        at: 0,
        levels: Vec::new(),
        run: 0,
        before_separator: 0,
        outer: 0,
        hidden: 0,
        deepest: 0,
        divides_until: 0,
        last: Last::Operator,
        head_follows: false,
        after_dot: false,
    };
    while scan.token() {}
    scan.deepest
}

impl Scan<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.source.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn rest(&self) -> &[u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// Reads one token or comment; false at the end.
    fn token(&mut self) -> bool {
        let Some(&byte) = self.source.get(self.at) else { return false };
        match (byte, self.peek(1)) {
            (b' ' | b'\t' | b'\r' | b'\n', _) => self.at += 1,
            (b'/', b'/') => self.skip_line(),
            (b'#', b'!') if self.at == 0 => self.skip_line(),
            (b'/', b'*') => self.at += 2 + after(self.rest().get(2..), b"*/"),
            (b'<', b'!') if self.rest().starts_with(b"<!--") => self.doubtful_comment(),
            (b'/', _) => self.slash(),
            (b'"' | b'\'', _) => self.string(byte),
            (b'`', _) => {
                self.at += 1;
                self.count();
                self.template();
            }
            (b'(' | b'[' | b'{', _) => self.open(false),
            (b')' | b']' | b'}', _) => self.close(byte),
            (b';' | b',', _) => self.separator(),
            _ if is_word(byte) => self.word(),
            _ => self.operator(byte),
        }
        true
    }

    fn count(&mut self) {
        self.run += 1;
        self.deepest = self.deepest.max(self.outer + self.run + self.hidden);
    }

    fn set_last(&mut self, last: Last) {
        self.last = last;
        self.head_follows = false;
        self.after_dot = false;
    }

    fn skip_line(&mut self) {
        self.at += memchr::memchr2(b'\n', b'\r', self.rest()).unwrap_or(self.rest().len());
    }

    /// `<!--` is a comment in scripts and two operators in modules: the closing brackets after it may not be there.
    fn doubtful_comment(&mut self) {
        let line = self.rest().split(|byte| matches!(byte, b'\n' | b'\r')).next();
        let closing = line.map_or(0, |line| {
            line.iter().filter(|byte| matches!(byte, b')' | b']' | b'}')).count()
        });
        self.hidden += closing * BRACKET;
        self.at += 4;
    }

    fn separator(&mut self) {
        self.at += 1;
        self.before_separator = std::mem::take(&mut self.run);
        self.set_last(Last::Operator);
    }

    fn operator(&mut self, byte: u8) {
        let is_step = matches!((byte, self.peek(1)), (b'+', b'+') | (b'-', b'-'));
        self.at += if is_step { 2 } else { 1 };
        self.count();
        // A step ends an operand or begins one; what follows it is never a regular expression.
        self.set_last(if is_step { Last::Operand } else { Last::Operator });
        self.after_dot = byte == b'.';
    }

    fn open(&mut self, template: bool) {
        self.at += 1;
        let head = self.head_follows;
        self.levels.push(Level { run: self.run, head, template });
        self.outer += self.run + BRACKET;
        self.run = 0;
        self.count();
        self.set_last(Last::Operator);
    }

    fn close(&mut self, byte: u8) {
        self.at += 1;
        let Some(level) = self.levels.pop() else { return };
        self.outer -= level.run + BRACKET;
        self.run = level.run;
        self.count();
        if level.template && byte == b'}' {
            return self.template();
        }
        self.set_last(match byte {
            b'}' => Last::Doubtful,
            b')' if level.head => Last::Operator,
            _ => Last::Operand,
        });
    }

    fn string(&mut self, quote: u8) {
        self.begin_operand();
        self.at += 1;
        while let Some(found) = memchr::memchr3(quote, b'\\', b'\n', self.rest()) {
            let escaped = self.peek(found) == b'\\';
            self.at += found + if escaped { 2 } else { 1 };
            if !escaped {
                return;
            }
        }
        self.at = self.source.len();
    }

    /// The text of a template, up to its end or the next `${`.
    fn template(&mut self) {
        while let Some(found) = memchr::memchr3(b'`', b'\\', b'$', self.rest()) {
            self.at += found;
            match (self.peek(0), self.peek(1)) {
                (b'`', _) => {
                    self.at += 1;
                    return self.set_last(Last::Operand);
                }
                (b'$', b'{') => {
                    self.at += 1;
                    return self.open(true);
                }
                (b'\\', _) => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = self.source.len();
    }

    fn slash(&mut self) {
        if self.last == Last::Operand || self.at < self.divides_until {
            return self.operator(b'/');
        }
        let length = match regular_expression(self.rest()) {
            Ok(length) => length,
            Err(line_end) => {
                self.divides_until = self.at + line_end;
                return self.operator(b'/');
            }
        };
        if self.last == Last::Doubtful {
            let text = self.rest().get(..length).unwrap_or_default();
            let brackets = text.iter().filter(|byte| matches!(byte, b'(' | b'[' | b'{')).count();
            self.hidden += brackets * BRACKET;
        }
        self.at += length;
        self.count();
        self.set_last(Last::Operand);
    }

    fn word(&mut self) {
        let length = self.rest().iter().position(|byte| !is_word(*byte));
        let length = length.unwrap_or(self.rest().len());
        let word = self.rest().get(..length).unwrap_or_default();
        let (is_name, class) = (self.after_dot, classify(word));
        let head = matches!(word, b"if" | b"for" | b"while" | b"with") && !is_name;
        match word {
            // Clauses of a `switch` stand side by side.
            b"case" if !is_name => self.run = 0,
            b"else" if !is_name => self.run = self.run.max(self.before_separator),
            _ => {}
        }
        match class {
            _ if is_name => {
                self.count();
                self.set_last(Last::Operand);
            }
            Word::Operand => self.begin_operand(),
            Word::Continues => {
                self.count();
                self.set_last(Last::Operator);
            }
            Word::Begins => {
                self.begin_operand();
                self.set_last(Last::Operator);
            }
            Word::Contextual => {
                self.begin_operand();
                self.set_last(Last::Doubtful);
            }
        }
        self.head_follows = head;
        self.at += length;
    }

    /// An operand right after another one: a line end was between them, and with it ended a statement.
    fn begin_operand(&mut self) {
        let is_brace = self.source.get(..self.at).is_some_and(ends_with_brace);
        if self.last == Last::Operand || self.last == Last::Doubtful && is_brace {
            self.run = 0;
        }
        self.count();
        self.set_last(Last::Operand);
    }
}

fn ends_with_brace(before: &[u8]) -> bool {
    before.trim_ascii_end().ends_with(b"}")
}

enum Word {
    /// A name or number.
    Operand,
    /// A keyword that begins a statement or operand.
    Begins,
    /// A keyword that goes on with what came before it.
    Continues,
    /// A keyword in some places, a name in others.
    Contextual,
}

fn classify(word: &[u8]) -> Word {
    match word {
        b"else" | b"in" | b"instanceof" | b"catch" | b"finally" | b"extends" => Word::Continues,
        b"return" | b"typeof" | b"void" | b"delete" | b"new" | b"throw" | b"case" | b"do"
        | b"if" | b"for" | b"while" | b"with" | b"var" | b"const" | b"function" | b"class"
        | b"export" | b"default" | b"switch" | b"try" => Word::Begins,
        b"yield" | b"await" | b"async" | b"of" | b"let" | b"static" | b"get" | b"set"
        | b"import" => Word::Contextual,
        _ => Word::Operand,
    }
}

/// Letters, digits, and whatever is not ASCII or begins an escape in a name.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\' | b'#') || byte >= 0x80
}

/// The length up to and with `end`, or of all.
fn after(text: Option<&[u8]>, end: &[u8]) -> usize {
    let text = text.unwrap_or_default();
    memchr::memmem::find(text, end).map_or(text.len(), |at| at + end.len())
}

/// The length of the regular expression that `text` begins with, without flags; or of the line, if it does not end there.
fn regular_expression(text: &[u8]) -> Result<usize, usize> {
    let (mut in_class, mut escaped) = (false, false);
    for (at, byte) in text.iter().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return Err(at),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'/' if !in_class => return Ok(at + 1),
            _ => {}
        }
    }
    Err(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_code_is_not_deep() {
        let statements =
            "a = b.c(d, [1, 2], { e: f }) + /[(]/g.test(h) / 2;\nif (a) /x\"/.test(b)\n";
        assert!(depth(&statements.repeat(1000)) < 100, "{}", depth(&statements.repeat(1000)));
        let without_semicolons =
            "a = 1\nb = `x${c}y`\nfunction d() { return { e } }\nconst f = 'g'\n";
        assert!(depth(&without_semicolons.repeat(1000)) < 100);
    }

    #[test]
    fn every_kind_of_nesting_counts() {
        let nestings = [
            "(",
            "[",
            "{",
            "!",
            "a=>",
            "a?b:",
            "a=",
            "if(a)",
            "if(a)b;else ",
            "new ",
            "a+",
            "`${",
            "async a=>",
            "a:",
            "typeof ",
            "f(",
            "a.b.",
            "class extends ",
            "- ",
            "yield ",
            "a**",
            "while(a)",
            "for(;;)",
            "do ",
            "``",
            "<!--)\n(",
            "x={}/[",
            "with(a)",
            "function(){",
        ];
        for nesting in nestings {
            let depth = depth(&nesting.repeat(10_000));
            assert!(depth >= 10_000, "{nesting}: {depth}");
        }
    }
}
