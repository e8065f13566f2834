//! Reading a policy with every file that it names: the texts, their trees, and which statement leads to which file.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Files, ReadError, SourceId, Sources, Span, resolve};
use crate::syntax::{self, ast};

/// The largest text of a policy, a library or a list, in bytes.
const MAX_TEXT: usize = 4 << 20;

/// The most files that a policy may be made of.
const MAX_FILES: usize = 500;

/// Everything that was read for one policy.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    /// The texts.
    pub(super) sources: Sources,
    /// The tree of each text, at the position of its [`SourceId`].
    pub(super) modules: Vec<Module>,
    /// What is wrong with the files themselves and with their syntax.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether a file could not be read, which may declare names.
    pub(super) incomplete: bool,
}

/// The tree of a file.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The tree.
    pub(super) file: ast::File,
    /// Where its `use` and `rules from` statements lead, by the position of the statement.
    pub(super) links: BTreeMap<usize, SourceId>,
}

impl Module {
    /// Whether it has a statement that could not be read. That one may have been anything, so nothing else is surely absent.
    pub(super) fn is_broken(&self) -> bool {
        self.file.statements.iter().any(|s| matches!(s.node, ast::Statement::Broken { .. }))
    }
}

/// Which statement brings a file in.
#[derive(Debug, Clone, Copy)]
struct Link<'a> {
    from: SourceId,
    path: &'a ast::Text,
}

impl Loaded {
    /// The tree of a file.
    pub(super) fn module(&self, id: SourceId) -> Option<&Module> {
        self.modules.get(id.0 as usize)
    }

    /// The statements that declare something for the policy, in order: those of a library stand where it is first brought in.
    pub(super) fn statements(&self) -> Vec<&ast::Noted<ast::Statement>> {
        let mut seen = vec![false; self.modules.len()];
        let mut statements = Vec::new();
        self.collect(SourceId(0), &mut seen, &mut statements);
        statements
    }

    fn collect<'a>(&'a self, id: SourceId, seen: &mut [bool], into: &mut Vec<&'a ast::Noted<ast::Statement>>) {
        let (Some(module), Some(seen_before)) = (self.module(id), seen.get_mut(id.0 as usize)) else { return };
        if std::mem::replace(seen_before, true) {
            return;
        }
        for (position, statement) in module.file.statements.iter().enumerate() {
            match module.links.get(&position) {
                Some(link) => self.collect(*link, seen, into),
                None => into.push(statement),
            }
        }
    }
}

/// Reads the policy (or library) at `path` and everything that it brings in.
pub(super) fn load(path: &str, files: &dyn Files) -> Loaded {
    let mut loader = Loader { files, loaded: Loaded::default(), way: Vec::new(), too_many: false };
    match read_text(files, path) {
        Ok(text) => {
            loader.add(path.to_owned(), text, None);
        }
        Err(error) => {
            let fault = unreadable(path, &error);
            loader.loaded.diagnostics.push(fault);
        }
    }
    loader.loaded
}

struct Loader<'f> {
    files: &'f dyn Files,
    loaded: Loaded,
    /// The files that are being read, from the policy to the one at hand.
    way: Vec<SourceId>,
    /// Whether it has been reported that there are too many files.
    too_many: bool,
}

impl Loader<'_> {
    fn add(&mut self, path: String, text: Vec<u8>, brought_in_by: Option<Span>) -> SourceId {
        let (text, fault) = match String::from_utf8(text) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
            }
        };
        let mark = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
        let id = self.loaded.sources.add(path, text.get(mark..).unwrap_or_default(), brought_in_by);
        self.loaded.modules.push(Module::default());
        if let Some(at) = fault {
            let start = at.saturating_sub(mark);
            let place = Span::new(id, start, start + char::REPLACEMENT_CHARACTER.len_utf8());
            self.loaded.diagnostics.push(not_utf8("this file").at(place, "this byte belongs to another encoding"));
            self.loaded.incomplete = true;
            return id;
        }
        let Some(source) = self.loaded.sources.get(id) else { return id };
        let parsed = syntax::parse(source);
        self.loaded.diagnostics.extend(parsed.diagnostics);
        self.way.push(id);
        let links = self.follow(id, &parsed.file);
        self.way.pop();
        if let Some(module) = self.loaded.modules.get_mut(id.0 as usize) {
            *module = Module { file: parsed.file, links };
        }
        id
    }

    fn follow(&mut self, from: SourceId, file: &ast::File) -> BTreeMap<usize, SourceId> {
        let mut links = BTreeMap::new();
        for (position, statement) in file.statements.iter().enumerate() {
            if let ast::Statement::Use { path, .. } | ast::Statement::RulesFrom { path, .. } = &statement.node {
                match self.link(Link { from, path }) {
                    Ok(Some(id)) => {
                        links.insert(position, id);
                    }
                    Ok(None) => {}
                    Err(fault) => {
                        self.loaded.diagnostics.push(*fault);
                        self.loaded.incomplete = true;
                    }
                }
            }
        }
        links
    }

    /// The file that a statement brings in; none when it is not read for a reason that is reported.
    fn link(&mut self, link: Link<'_>) -> Result<Option<SourceId>, Box<Diagnostic>> {
        let place = link.path.loc.0;
        let from = self.loaded.sources.get(link.from).map_or("", |f| f.path.as_str());
        let path = self.files.stands_at(&locate(from, link.path)?);
        let id = match self.loaded.sources.find(&path).map(|f| f.id) {
            Some(id) if self.way.contains(&id) => {
                let fault = self.cycle(id, place);
                self.loaded.diagnostics.push(fault);
                return Ok(None);
            }
            Some(id) => id,
            None if self.loaded.modules.len() >= MAX_FILES => {
                self.loaded.incomplete = true;
                if !std::mem::replace(&mut self.too_many, true) {
                    self.loaded.diagnostics.push(too_many_files().at(place, "one too many"));
                }
                return Ok(None);
            }
            None => {
                let text =
                    read_text(self.files, &path).map_err(|error| Box::new(unreadable(&path, &error).at(place, "")))?;
                self.add(path.clone(), text, Some(place))
            }
        };
        let policy = self.loaded.module(id).and_then(|m| policy_statement(&m.file));
        match policy {
            Some(title) => Err(Box::new(policy_as_library(&path).at(place, "").at(title, "its `policy` statement"))),
            None => Ok(Some(id)),
        }
    }

    fn cycle(&self, back_to: SourceId, place: Span) -> Diagnostic {
        let path = |id: &SourceId| self.loaded.sources.get(*id).map_or("", |f| f.path.as_str());
        let round: Vec<&SourceId> = self.way.iter().skip_while(|id| **id != back_to).collect();
        if let [only] = round.as_slice() {
            return Diagnostic::new(Code::P0202, format!("`{}` brings itself in", path(only)))
                .at(place, "")
                .help("take this line out");
        }
        let way: Vec<String> = round.iter().map(|id| format!("`{}`", path(id))).collect();
        Diagnostic::new(Code::P0202, "these files bring each other in")
            .at(place, format!("this leads back to `{}`", path(&back_to)))
            .help(format!(
                "the way round is {} and back to `{}`: move what they share into a file of its own",
                way.join(", then "),
                path(&back_to)
            ))
    }
}

/// Where a file's `policy` statement has its title, when it has one.
pub(super) fn policy_statement(file: &ast::File) -> Option<Span> {
    file.statements
        .iter()
        .find_map(|s| if let ast::Statement::Policy { title, .. } = &s.node { Some(title.loc.0) } else { None })
}

/// The path from the root that a path in the file `from` stands for.
pub(super) fn locate(from: &str, path: &ast::Text) -> Result<String, Box<Diagnostic>> {
    let found = match resolve(from, &path.value) {
        Ok(found) if found.is_empty() => Err(ReadError::NotFound),
        found => found,
    };
    found.map_err(|error| Box::new(unreadable(&path.value, &error).at(path.loc.0, "")))
}

/// The bytes of a file, unless there are too many.
pub(super) fn read_text(files: &dyn Files, path: &str) -> Result<Vec<u8>, ReadError> {
    let text = files.read(path)?;
    if text.len() > MAX_TEXT { Err(ReadError::TooLarge(MAX_TEXT as u64)) } else { Ok(text) }
}

/// That a file cannot be read, and why.
pub(super) fn unreadable(path: &str, error: &ReadError) -> Diagnostic {
    match error {
        ReadError::NotFound if path.trim().is_empty() => Diagnostic::new(Code::P0200, "the path of a file is missing")
            .help("type it between the quotes, relative to the file that it stands in"),
        ReadError::NotFound => Diagnostic::new(Code::P0200, format!("there is no file `{path}`"))
            .help("a path is relative to the file that it stands in"),
        ReadError::Outside => Diagnostic::new(Code::P0201, format!("`{path}` lies outside of the folder of policies"))
            .help("type a path relative to this file, with `/`, that stays inside the repository"),
        ReadError::TooLarge(limit) => {
            Diagnostic::new(Code::P0200, format!("`{path}` is larger than {} MiB", limit / (1 << 20)))
                .help("cut it into several files")
        }
        ReadError::Other(why) => Diagnostic::new(Code::P0200, format!("`{path}` cannot be read: {why}")),
    }
}

/// That a file is not UTF-8.
pub(super) fn not_utf8(what: &str) -> Diagnostic {
    Diagnostic::new(Code::P0200, format!("{what} is not written in UTF-8"))
        .help("open it in the editor that wrote it and save it with the encoding UTF-8")
}

fn too_many_files() -> Diagnostic {
    Diagnostic::new(Code::P0200, format!("a policy is made of at most {MAX_FILES} files"))
}

fn policy_as_library(path: &str) -> Diagnostic {
    Diagnostic::new(Code::P0203, format!("`{path}` is a policy of its own, not a library")).help(
        "a library has no `policy` statement: move what both policies share into a file without one, and bring that in",
    )
}
