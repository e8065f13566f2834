//! A small language of layouts: text whose lines are broken only where it does not fit.
//!
//! A [`Doc::Group`] is written on one line when it fits into [`WIDTH`] columns; else its own lines (not those of the groups
//! inside) are broken. A group that holds a comment or a forced line is always broken.

use unicode_width::UnicodeWidthStr;

/// The columns that a line should not pass.
pub(super) const WIDTH: usize = 100;

/// A layout.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// Words, without a line break.
    Text(String),
    /// A blank, or a line break in a broken group.
    Line,
    /// Nothing, or a line break in a broken group.
    SoftLine,
    /// A line break, unless nothing stands on the line yet.
    Fresh,
    /// An empty line, then a new one.
    Blank,
    /// A comment: it goes to the end of its line, whatever else follows there.
    Comment(String),
    /// So many more columns before the lines that are broken inside.
    Nest(usize, Box<Doc>),
    /// On one line when it fits.
    Group {
        /// What is in it.
        content: Box<Doc>,
        /// Whether it cannot be on one line.
        broken: bool,
    },
    /// One after the other.
    Concat(Vec<Doc>),
}

impl Doc {
    /// Nothing.
    pub(super) fn nil() -> Doc {
        Doc::Concat(Vec::new())
    }

    /// `self` with more columns before the lines broken in it.
    pub(super) fn nest(self, columns: usize) -> Doc {
        Doc::Nest(columns, Box::new(self))
    }

    /// `self` on one line when it fits.
    pub(super) fn group(self) -> Doc {
        Doc::Group { broken: self.forces_break(), content: Box::new(self) }
    }

    /// Whether it cannot be on one line.
    pub(super) fn forces_break(&self) -> bool {
        match self {
            Doc::Text(_) | Doc::Line | Doc::SoftLine => false,
            Doc::Fresh | Doc::Blank | Doc::Comment(_) => true,
            Doc::Nest(_, doc) => doc.forces_break(),
            Doc::Group { broken, .. } => *broken,
            Doc::Concat(docs) => docs.iter().any(Doc::forces_break),
        }
    }

    /// What is written last.
    pub(super) fn last(&self) -> Option<&Doc> {
        match self {
            Doc::Text(_) | Doc::Line | Doc::SoftLine | Doc::Fresh | Doc::Blank | Doc::Comment(_) => Some(self),
            Doc::Nest(_, doc) | Doc::Group { content: doc, .. } => doc.last(),
            Doc::Concat(docs) => docs.iter().rev().find_map(Doc::last),
        }
    }

    /// The text of the layout when it starts in column `indent`; its first line is not indented.
    pub(super) fn render(&self, indent: usize) -> String {
        let mut page = Page { text: String::new(), column: indent, indent: None, comments: Vec::new() };
        let mut todo = vec![Todo { indent, flat: false, doc: self }];
        while let Some(Todo { indent, flat, doc }) = todo.pop() {
            match doc {
                Doc::Text(text) => page.write(text),
                Doc::Line if flat => page.write(" "),
                Doc::SoftLine if flat => {}
                Doc::Line | Doc::SoftLine => page.new_line(indent),
                Doc::Fresh => page.fresh_line(indent),
                Doc::Blank => page.blank_line(indent),
                Doc::Comment(text) => page.comments.push(text.clone()),
                Doc::Nest(columns, doc) => todo.push(Todo { indent: indent + columns, flat, doc }),
                Doc::Group { content, broken } => {
                    let flat = flat || (!broken && fits(content, &todo, WIDTH.saturating_sub(page.column)));
                    todo.push(Todo { indent, flat, doc: content });
                }
                Doc::Concat(docs) => todo.extend(docs.iter().rev().map(|doc| Todo { indent, flat, doc })),
            }
        }
        page.end_line();
        page.text
    }
}

impl From<&str> for Doc {
    fn from(text: &str) -> Doc {
        Doc::Text(text.to_owned())
    }
}

impl From<String> for Doc {
    fn from(text: String) -> Doc {
        Doc::Text(text)
    }
}

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// What is still to be written.
#[derive(Clone, Copy)]
struct Todo<'a> {
    indent: usize,
    flat: bool,
    doc: &'a Doc,
}

/// Whether `content` on one line, and what must follow it there, takes no more than `room` columns.
fn fits(content: &Doc, rest: &[Todo<'_>], mut room: usize) -> bool {
    let mut todo = vec![Todo { indent: 0, flat: true, doc: content }];
    let mut rest = rest.iter().rev();
    while let Some(Todo { flat, doc, .. }) = todo.pop().or_else(|| rest.next().copied()) {
        let taken = match doc {
            Doc::Text(text) => width(text),
            Doc::Line if flat => 1,
            Doc::SoftLine if flat => 0,
            Doc::Line | Doc::SoftLine | Doc::Fresh | Doc::Blank => return true,
            Doc::Comment(_) => 0,
            Doc::Nest(_, doc) | Doc::Group { content: doc, .. } => {
                todo.push(Todo { indent: 0, flat, doc });
                0
            }
            Doc::Concat(docs) => {
                todo.extend(docs.iter().rev().map(|doc| Todo { indent: 0, flat, doc }));
                0
            }
        };
        match room.checked_sub(taken) {
            Some(left) => room = left,
            None => return false,
        }
    }
    true
}

/// What has been written.
struct Page {
    text: String,
    /// Where the next character goes.
    column: usize,
    /// The blanks that the next word needs before it: it is the first of its line.
    indent: Option<usize>,
    /// Comments that wait for the end of the line.
    comments: Vec<String>,
}

impl Page {
    fn write(&mut self, text: &str) {
        if let Some(indent) = self.indent.take() {
            self.text.extend(std::iter::repeat_n(' ', indent));
        }
        self.text.push_str(text);
        self.column += width(text);
    }

    fn end_line(&mut self) {
        for comment in std::mem::take(&mut self.comments) {
            self.trim_line();
            if self.indent.is_none() && !self.text.is_empty() {
                self.text.push_str("  ");
            }
            self.write(&comment);
        }
        self.trim_line();
    }

    fn trim_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
    }

    fn new_line(&mut self, indent: usize) {
        self.end_line();
        self.text.push('\n');
        self.column = indent;
        self.indent = Some(indent);
    }

    fn fresh_line(&mut self, indent: usize) {
        if self.indent.is_some() {
            self.column = indent;
            self.indent = Some(indent);
        } else {
            self.new_line(indent);
        }
    }

    fn blank_line(&mut self, indent: usize) {
        self.fresh_line(indent);
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}
