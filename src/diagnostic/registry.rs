//! The codes: each is used for one kind of fault for good, has a severity and a page, and is never given a second meaning.

use serde::{Serialize, Serializer};

use super::Severity;

macro_rules! codes {
    ($($code:ident $severity:ident)*) => {
        /// The name of a kind of fault, such as `P0301`: `P01xx` layout and syntax, `P02xx` names, `P03xx` types,
        /// `P04xx` analysis, `P05xx` tests, `P06xx` lead data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each variant's meaning is its page under codes/")]
        pub enum Code { $($code),* }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// `P0301`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$code => stringify!($code)),* }
            }

            /// Whether it is an error or a warning.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$severity),* }
            }

            /// The page of the code, in Markdown: a title, what it means, a policy that has it and one that does not.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("codes/", stringify!($code), ".md"))),* }
            }
        }
    };
}

// One line a code; a range that is not full leaves room for its neighbours.
codes! {
    P0101 Error
}

impl Code {
    /// The code of this name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|c| c.name().eq_ignore_ascii_case(name))
    }

    /// The first line of the page without the code itself: what the fault is, in a few words.
    #[must_use]
    pub fn title(self) -> &'static str {
        let line = self.page().lines().next().unwrap_or("");
        line.split_once(": ").map_or(line, |(_, title)| title)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
