//! The codes: each is used for one kind of fault for good, has a severity and a page, and is never given a second meaning.

use serde::{Serialize, Serializer};

use super::{Severity, did_you_mean};

macro_rules! codes {
    ($($code:ident $severity:ident)*) => {
        /// The name of a kind of fault, such as `P0301`: `P01xx` layout and syntax, `P02xx` names, `P03xx` types,
        /// `P04xx` analysis, `P05xx` tests, `P06xx` lead data, `P07xx` allow-comments and configuration.
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
    P0102 Error
    P0103 Error
    P0104 Error
    P0105 Error
    P0106 Error
    P0107 Error
    P0108 Error
    P0109 Error
    P0110 Error
    P0111 Error
    P0112 Error
    P0113 Error
    P0114 Error
    P0115 Error
    P0116 Error
    P0117 Error
    P0118 Error
    P0119 Error
    P0120 Error
    P0121 Error
    P0122 Error
    P0123 Error
    P0124 Error
    P0125 Error
    P0126 Error
    P0127 Error

    P0200 Error
    P0201 Error
    P0202 Error
    P0203 Error
    P0206 Error
    P0207 Error
    P0208 Error
    P0209 Error
    P0210 Error
    P0211 Error
    P0212 Error
    P0213 Error
    P0214 Error
    P0215 Error
    P0216 Error
    P0217 Error
    P0218 Error
    P0219 Error
    P0220 Warning
    P0221 Warning
    P0222 Error
    P0223 Error
    P0224 Error
    P0225 Error
    P0226 Error
    P0227 Error
    P0228 Error
    P0229 Error
    P0230 Error
    P0231 Error
    P0234 Error
    P0235 Error
    P0236 Error
    P0237 Error
    P0238 Error
    P0239 Error
    P0240 Warning
    P0241 Warning
    P0242 Warning
    P0243 Warning
    P0244 Warning
    P0250 Error
    P0251 Error
    P0253 Error
    P0254 Warning
    P0255 Error
    P0256 Error
    P0257 Error
    P0258 Error
    P0259 Error
    P0260 Error

    P0300 Error
    P0301 Error
    P0302 Error
    P0303 Error
    P0304 Error
    P0305 Error
    P0306 Error
    P0307 Warning
    P0308 Error
    P0309 Error
    P0310 Error
    P0311 Error
    P0312 Error
    P0313 Error
    P0314 Error
    P0315 Error
    P0316 Error
    P0317 Warning
    P0318 Error
    P0319 Error
    P0320 Error
    P0321 Error
    P0322 Error
    P0323 Error
    P0324 Error
    P0325 Error
    P0326 Warning
    P0327 Error
    P0328 Error
    P0329 Error
    P0330 Error
    P0331 Error
    P0332 Error
    P0333 Error
    P0334 Error
    P0335 Error
    P0336 Error
    P0337 Error
    P0338 Error
    P0339 Error
    P0340 Error
    P0341 Error
    P0342 Error
    P0343 Error
    P0344 Error
    P0345 Error
    P0346 Error
    P0370 Error
    P0371 Error
    P0372 Error
    P0373 Error
    P0374 Error
    P0375 Error
    P0376 Error
    P0377 Warning
    P0378 Error
    P0379 Error
    P0382 Error
    P0383 Error
    P0384 Warning
    P0385 Warning

    P0401 Warning
    P0402 Warning
    P0403 Warning
    P0404 Warning
    P0405 Note
    P0406 Warning
    P0407 Warning
    P0408 Warning
    P0409 Warning
    P0410 Note
    P0411 Warning
    P0412 Warning
    P0413 Warning
    P0414 Note
    P0415 Warning
    P0421 Error
    P0422 Warning
    P0423 Note
    P0424 Note
    P0431 Note
    P0432 Note
    P0433 Warning
    P0434 Warning
    P0435 Note

    P0501 Error
    P0502 Error
    P0503 Warning

    P0601 Error
    P0602 Error
    P0603 Error
    P0604 Error
    P0605 Error
    P0606 Error
    P0607 Error
    P0608 Error
    P0611 Error
    P0612 Error
    P0613 Error
    P0614 Error
    P0615 Error
    P0616 Error
    P0617 Error
    P0621 Error
    P0622 Error
    P0623 Error

    P0701 Warning
    P0702 Warning
    P0703 Warning
    P0711 Error
    P0712 Error
    P0713 Error
}

impl Code {
    /// The code of this name, in any case.
    #[must_use]
    pub fn find(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|c| c.name().eq_ignore_ascii_case(name))
    }

    /// The code of a warning or a note that a name which is none was probably meant to be.
    #[must_use]
    pub fn meant(name: &str) -> Option<Code> {
        let names = Code::ALL.iter().filter(|code| code.severity() != Severity::Error).map(|code| code.name());
        did_you_mean(name, names).and_then(Code::find)
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
