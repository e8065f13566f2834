//! stub
use crate::ir::TextTest;
use std::collections::BTreeSet;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Raw,
    Lower,
    Domain,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    OneOf(BTreeSet<String>),
    Test(TextTest, Vec<String>),
    Defined,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Atom {
    pub view: View,
    pub question: Question,
}
#[derive(Debug)]
pub(crate) struct TextDomain {
    atoms: Vec<Atom>,
}
pub(crate) enum Realized {
    Value(String),
    Impossible(Vec<usize>),
    NotKnown,
}
impl TextDomain {
    pub(crate) fn new(_b: Vec<String>, _i: bool) -> Self {
        TextDomain { atoms: vec![] }
    }
    pub(crate) fn push(&mut self, a: Atom) {
        self.atoms.push(a)
    }
    pub(crate) fn atoms(&self) -> &[Atom] {
        &self.atoms
    }
    pub(crate) fn realize(&self, _w: &[(usize, bool)]) -> Realized {
        Realized::NotKnown
    }
}
