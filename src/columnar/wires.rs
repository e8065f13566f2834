//! Wires: a circuit in single bits, so that 64 leads go through every step of it in one machine word.
//!
//! A sum is a number of wires, one for each of its binary digits. Adding, cutting to a range and comparing with a constant are the
//! textbook circuits for that (ripple carry), which cost a few operations for each digit and 64 leads.

use std::collections::HashMap;

/// A wire: a bit for each lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Wire(u32);

/// What makes a wire's bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// The same for all leads.
    Const(bool),
    /// A bit of the lead's words.
    Input(u32),
    Not(Wire),
    And(Wire, Wire),
    Or(Wire, Wire),
    Xor(Wire, Wire),
}

/// Wires, each once; a wire stands behind those that it is made of.
#[derive(Debug, Default)]
pub(super) struct Wires {
    sources: Vec<Source>,
    known: HashMap<Source, Wire>,
}

impl Wire {
    pub(super) fn position(self) -> usize {
        self.0 as usize
    }
}

impl Wires {
    pub(super) fn sources(&self) -> &[Source] {
        &self.sources
    }

    #[allow(clippy::indexing_slicing, reason = "wires are handed out by `wire`, and sources are never taken away")]
    fn source(&self, wire: Wire) -> Source {
        self.sources[wire.position()]
    }

    fn wire(&mut self, source: Source) -> Wire {
        if let Some(wire) = self.known.get(&source) {
            return *wire;
        }
        let wire = Wire(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        self.known.insert(source, wire);
        wire
    }

    pub(super) fn constant(&mut self, bit: bool) -> Wire {
        self.wire(Source::Const(bit))
    }

    pub(super) fn input(&mut self, bit: u32) -> Wire {
        self.wire(Source::Input(bit))
    }

    fn fixed(&self, wire: Wire) -> Option<bool> {
        match self.source(wire) {
            Source::Const(bit) => Some(bit),
            Source::Input(_) | Source::Not(_) | Source::And(..) | Source::Or(..) | Source::Xor(..) => None,
        }
    }

    pub(super) fn not(&mut self, wire: Wire) -> Wire {
        match self.source(wire) {
            Source::Const(bit) => self.constant(!bit),
            Source::Not(inner) => inner,
            Source::Input(_) | Source::And(..) | Source::Or(..) | Source::Xor(..) => self.wire(Source::Not(wire)),
        }
    }

    pub(super) fn and(&mut self, a: Wire, b: Wire) -> Wire {
        match (self.fixed(a), self.fixed(b)) {
            (Some(false), _) | (_, Some(true)) => a,
            (_, Some(false)) | (Some(true), _) => b,
            (None, None) if a == b => a,
            (None, None) => self.wire(Source::And(a.min(b), a.max(b))),
        }
    }

    pub(super) fn or(&mut self, a: Wire, b: Wire) -> Wire {
        match (self.fixed(a), self.fixed(b)) {
            (Some(true), _) | (_, Some(false)) => a,
            (_, Some(true)) | (Some(false), _) => b,
            (None, None) if a == b => a,
            (None, None) => self.wire(Source::Or(a.min(b), a.max(b))),
        }
    }

    pub(super) fn xor(&mut self, a: Wire, b: Wire) -> Wire {
        match (self.fixed(a), self.fixed(b)) {
            (Some(false), _) => b,
            (_, Some(false)) => a,
            (Some(true), _) => self.not(b),
            (_, Some(true)) => self.not(a),
            (None, None) if a == b => self.constant(false),
            (None, None) => self.wire(Source::Xor(a.min(b), a.max(b))),
        }
    }

    /// `yes` where `choice` holds, else `no`.
    fn select(&mut self, choice: Wire, yes: Wire, no: Wire) -> Wire {
        let taken = self.and(choice, yes);
        let not = self.not(choice);
        let left = self.and(not, no);
        self.or(taken, left)
    }
}

/// A number that is not negative, lowest digit first.
#[derive(Debug, Clone, Default)]
pub(super) struct Digits(pub(super) Vec<Wire>);

impl Wires {
    /// A constant.
    pub(super) fn number(&mut self, value: u128) -> Digits {
        let bits = 128 - value.leading_zeros();
        Digits((0..bits).map(|bit| self.constant(value >> bit & 1 == 1)).collect())
    }

    /// A constant where a wire holds, else nothing.
    pub(super) fn number_when(&mut self, value: u128, when: Wire) -> Digits {
        let digits = self.number(value);
        self.when(&digits, when)
    }

    /// A number where a wire holds, else nothing.
    pub(super) fn when(&mut self, number: &Digits, when: Wire) -> Digits {
        Digits(number.0.iter().map(|digit| self.and(*digit, when)).collect())
    }

    /// What is left of a constant of so many ones: the number with all its digits turned.
    pub(super) fn turned(&mut self, number: &Digits) -> Digits {
        Digits(number.0.iter().map(|digit| self.not(*digit)).collect())
    }

    pub(super) fn add(&mut self, a: &Digits, b: &Digits) -> Digits {
        let none = self.constant(false);
        let mut carry = none;
        let mut sum = Vec::new();
        for place in 0..a.0.len().max(b.0.len()) {
            let (a, b) = (a.0.get(place).copied().unwrap_or(none), b.0.get(place).copied().unwrap_or(none));
            let half = self.xor(a, b);
            sum.push(self.xor(half, carry));
            let both = self.and(a, b);
            let passed = self.and(half, carry);
            carry = self.or(both, passed);
        }
        sum.push(carry);
        while sum.last().is_some_and(|digit| self.fixed(*digit) == Some(false)) {
            sum.pop();
        }
        Digits(sum)
    }

    /// Whether a number is at least a constant.
    pub(super) fn at_least(&mut self, number: &Digits, least: u128) -> Wire {
        if least >> number.0.len().min(127) != 0 {
            return self.constant(false);
        }
        let mut reaches = self.constant(true);
        for (place, digit) in number.0.iter().enumerate() {
            reaches = if least >> place & 1 == 1 { self.and(*digit, reaches) } else { self.or(*digit, reaches) };
        }
        reaches
    }

    /// How far a number is above `low`, at most `width`: nothing when it is below.
    pub(super) fn cut(&mut self, number: &Digits, low: u128, width: Option<u128>) -> Digits {
        // `number - low` is `number + (2^n - low)` without the digit that is carried out.
        let places = number.0.len();
        let above_low = self.at_least(number, low);
        let rest = if low == 0 {
            number.clone()
        } else {
            let turned = self.number((1u128 << places.min(127)).saturating_sub(low));
            let mut sum = self.add(number, &turned);
            sum.0.truncate(places);
            self.when(&sum, above_low)
        };
        let Some(width) = width else { return rest };
        let over = self.at_least(&rest, width);
        let most = self.number(width);
        let none = self.constant(false);
        let places = rest.0.len().max(most.0.len());
        let digit = |digits: &Digits, place: usize| digits.0.get(place).copied().unwrap_or(none);
        Digits((0..places).map(|place| self.select(over, digit(&most, place), digit(&rest, place))).collect())
    }
}
