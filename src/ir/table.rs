//! Tables of nodes and the ids that point into them: the only place that indexes.

use std::marker::PhantomData;
use std::ops::Index;

use serde::{Deserialize, Serialize};

/// A position in a [`Table`]. Lowering makes ids, and reading a policy from JSON checks them, so that every id of a
/// policy points into its table.
pub trait Id: Copy {
    /// The id of a position.
    fn from_position(position: usize) -> Self;
    /// The position.
    fn position(self) -> usize;
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)*) => {
        $(
            $(#[$meta])*
            #[derive(
                Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                serde::Serialize, serde::Deserialize, schemars::JsonSchema,
            )]
            #[serde(transparent)]
            pub struct $name(pub u32);

            impl $crate::ir::Id for $name {
                fn from_position(position: usize) -> Self {
                    $name(u32::try_from(position).unwrap_or(u32::MAX))
                }
                fn position(self) -> usize {
                    self.0 as usize
                }
            }
        )*
    };
}
pub(super) use ids;

/// Nodes of one kind, in order, found by their id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Table<I, T> {
    nodes: Vec<T>,
    #[serde(skip)]
    #[schemars(skip)]
    id: PhantomData<fn() -> I>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Table { nodes: Vec::new(), id: PhantomData }
    }
}

impl<I: Id, T> Table<I, T> {
    /// Adds a node and says its id.
    pub fn push(&mut self, node: T) -> I {
        self.nodes.push(node);
        I::from_position(self.nodes.len() - 1)
    }

    /// All nodes with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.nodes.iter().enumerate().map(|(i, node)| (I::from_position(i), node))
    }

    /// All nodes, in order, to change them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.nodes.iter_mut()
    }

    /// The node of an id that may point nowhere: only for a policy that has not been checked yet. (Not called `get`: clippy would
    /// take indexing for the careless way.)
    #[must_use]
    pub fn find(&self, id: I) -> Option<&T> {
        self.nodes.get(id.position())
    }

    /// The node of an id, to change it.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.nodes.get_mut(id.position())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    #[allow(clippy::indexing_slicing, reason = "ids are made by lowering or checked when read; see `Id`")]
    fn index(&self, id: I) -> &T {
        &self.nodes[id.position()]
    }
}

impl<I, T> FromIterator<T> for Table<I, T> {
    fn from_iter<N: IntoIterator<Item = T>>(nodes: N) -> Self {
        Table { nodes: nodes.into_iter().collect(), id: PhantomData }
    }
}
