//! A circuit as a list of steps over registers, which is run for 512 leads at a time.

use super::cells::ROWS;
use super::circuit::{Circuit, Gate, Node, Part, SumId};
use super::wires::{Digits, Source, Wire, Wires};

/// A bit for each of 512 leads. Lead `8 * j + l` is bit `j` of word `l`, see [`transpose`].
pub(super) type Plane = [u64; LANES];

/// How many words a plane has.
pub(super) const LANES: usize = ROWS / 64;

/// One step. A register is written by a step and read by later ones, until it is written again.
#[derive(Debug, Clone, Copy)]
enum Step {
    Const {
        to: u32,
        bit: bool,
    },
    Input {
        to: u32,
        bit: u32,
    },
    Not {
        to: u32,
        of: u32,
    },
    And {
        to: u32,
        a: u32,
        b: u32,
    },
    Or {
        to: u32,
        a: u32,
        b: u32,
    },
    Xor {
        to: u32,
        a: u32,
        b: u32,
    },
    /// The register holds whether this result is so.
    Result {
        of: u32,
        result: u32,
    },
}

/// Steps that work out results, in the order of the results.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    registers: usize,
}

/// Where an amount is in the words of a lead, and what has been taken from it so that it is never negative.
#[derive(Debug, Clone, Copy)]
pub(super) struct AmountSlot {
    /// The bit of its lowest digit.
    pub(super) bit: u32,
    /// How many digits it has.
    pub(super) bits: u32,
    /// The smallest value: digits that are all zero mean this.
    pub(super) low: i128,
}

/// Where the answers are in the words of a lead.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The bit of each question.
    pub(super) questions: Vec<u32>,
    /// The place of each amount.
    pub(super) amounts: Vec<AmountSlot>,
}

/// Where the digits of a total are among the results.
#[derive(Debug, Clone, Copy)]
pub(super) struct TotalPlace {
    /// What digits that are all zero mean.
    pub(super) base: i128,
    /// The result that is the lowest digit.
    pub(super) first: usize,
    /// How many digits there are.
    pub(super) digits: usize,
}

/// A sum in wires: what it is above a number.
struct Summed {
    base: i128,
    digits: Digits,
}

struct Builder<'c> {
    circuit: &'c Circuit,
    layout: &'c Layout,
    wires: Wires,
    gates: Vec<Option<Wire>>,
    sums: Vec<Option<Summed>>,
}

impl Program {
    /// The steps that work out some gates, and then the digits of some totals. `doubts` are bits one of which is enough for the first
    /// result, too.
    pub(super) fn new(
        circuit: &Circuit,
        layout: &Layout,
        doubts: &[u32],
        results: &[Gate],
        totals: &[(SumId, Option<i128>, Option<i128>)],
    ) -> (Program, Vec<TotalPlace>) {
        let mut builder = Builder {
            circuit,
            layout,
            wires: Wires::default(),
            gates: vec![None; circuit.nodes().len()],
            sums: circuit.sums().iter().map(|_| None).collect(),
        };
        let mut wires: Vec<Wire> = results.iter().map(|gate| builder.gate(*gate)).collect();
        if let Some(first) = wires.first_mut() {
            for bit in doubts {
                let doubt = builder.wires.input(*bit);
                *first = builder.wires.or(*first, doubt);
            }
        }
        let mut places = Vec::new();
        for (sum, low, high) in totals {
            let Summed { base, digits } = builder.cut(*sum, *low, *high);
            places.push(TotalPlace { base, first: wires.len(), digits: digits.0.len() });
            wires.extend(digits.0);
        }
        (schedule(&builder.wires, &wires), places)
    }

    /// Runs it on the planes of the leads' words; `result` is told each result in turn, and whether to go on.
    #[inline(always)]
    pub(super) fn run(
        &self,
        inputs: &[Plane],
        registers: &mut Vec<Plane>,
        result: &mut impl FnMut(usize, &Plane) -> bool,
    ) {
        registers.resize(self.registers, [0; LANES]);
        let registers = registers.as_mut_slice();
        for step in &self.steps {
            match *step {
                Step::Const { to, bit } => registers[to as usize] = [if bit { u64::MAX } else { 0 }; LANES],
                Step::Input { to, bit } => registers[to as usize] = inputs[bit as usize],
                Step::Not { to, of } => registers[to as usize] = registers[of as usize].map(|bits| !bits),
                Step::And { to, a, b } => registers[to as usize] = joined(registers, a, b, |a, b| a & b),
                Step::Or { to, a, b } => registers[to as usize] = joined(registers, a, b, |a, b| a | b),
                Step::Xor { to, a, b } => registers[to as usize] = joined(registers, a, b, |a, b| a ^ b),
                Step::Result { of, result: which } => {
                    if !result(which as usize, &registers[of as usize]) {
                        return;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn joined(registers: &[Plane], a: u32, b: u32, f: impl Fn(u64, u64) -> u64) -> Plane {
    let (a, b) = (&registers[a as usize], &registers[b as usize]);
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

impl Builder<'_> {
    fn gate(&mut self, gate: Gate) -> Wire {
        if let Some(wire) = self.gates[gate.position()] {
            return wire;
        }
        let circuit = self.circuit;
        let wire = match circuit.node(gate) {
            Node::Const(holds) => self.wires.constant(*holds),
            Node::Asked(question) => self.wires.input(self.layout.questions[*question]),
            Node::Not(inner) => {
                let inner = self.gate(*inner);
                self.wires.not(inner)
            }
            Node::All(parts) => {
                let parts: Vec<Wire> = parts.iter().map(|part| self.gate(*part)).collect();
                parts.into_iter().reduce(|a, b| self.wires.and(a, b)).unwrap_or_else(|| self.wires.constant(true))
            }
            Node::Any(parts) => {
                let parts: Vec<Wire> = parts.iter().map(|part| self.gate(*part)).collect();
                parts.into_iter().reduce(|a, b| self.wires.or(a, b)).unwrap_or_else(|| self.wires.constant(false))
            }
            Node::Reaches(sum, least) => {
                let Summed { base, digits } = self.sum(*sum);
                match u128::try_from(least - *base) {
                    Ok(above) => {
                        let digits = digits.clone();
                        self.wires.at_least(&digits, above)
                    }
                    Err(_) => self.wires.constant(true),
                }
            }
        };
        self.gates[gate.position()] = Some(wire);
        wire
    }

    fn sum(&mut self, sum: SumId) -> &Summed {
        if self.sums[sum.position()].is_none() {
            let summed = self.summed(sum);
            self.sums[sum.position()] = Some(summed);
        }
        const NOTHING: &Summed = &Summed { base: 0, digits: Digits(Vec::new()) };
        self.sums[sum.position()].as_ref().unwrap_or(NOTHING)
    }

    /// A sum cut to a range: not below `low`, and then not above `high`.
    fn cut(&mut self, sum: SumId, low: Option<i128>, high: Option<i128>) -> Summed {
        let Summed { base, digits } = self.sum(sum);
        let (base, digits) = (*base, digits.clone());
        let most = base + i128::try_from((1u128 << digits.0.len().min(126)) - 1).unwrap_or(i128::MAX);
        // The ends of the range that matter.
        let low = low.map_or(base, |low| low.max(base));
        if let Some(high) = high.filter(|high| *high < low) {
            return Summed { base: high, digits: Digits::default() };
        }
        let high = high.unwrap_or(most).min(most).max(low);
        let above = u128::try_from(low - base).unwrap_or(0);
        Summed { base: low, digits: self.wires.cut(&digits, above, u128::try_from(high - low).ok()) }
    }

    fn summed(&mut self, sum: SumId) -> Summed {
        let sum = &self.circuit.sums()[sum.position()];
        let mut base = sum.base;
        let mut parts: Vec<Digits> = Vec::new();
        for part in &sum.parts {
            let digits = match part {
                Part::Fixed { amount, when } => {
                    let when = self.gate(*when);
                    // What is taken away when a gate holds is added when it does not.
                    let when = if *amount < 0 { self.wires.not(when) } else { when };
                    base += (*amount).min(0);
                    self.wires.number_when(amount.unsigned_abs(), when)
                }
                Part::Amount { amount, when } => {
                    let AmountSlot { bit, bits, low } = self.layout.amounts[*amount];
                    let digits = Digits((bit..bit + bits).map(|bit| self.wires.input(bit)).collect());
                    match when {
                        None => {
                            base += low;
                            digits
                        }
                        Some(when) => {
                            // `low` is not positive here: an amount that counts only sometimes may be nothing.
                            let when = self.gate(*when);
                            let not = self.wires.not(when);
                            base += low;
                            let counted = self.wires.when(&digits, when);
                            let back = self.wires.number_when(low.unsigned_abs(), not);
                            self.wires.add(&counted, &back)
                        }
                    }
                }
                Part::Sum { sum, low, high, minus } => {
                    let Summed { base: low, digits } = self.cut(*sum, *low, *high);
                    if *minus {
                        let ones = i128::try_from((1u128 << digits.0.len().min(126)) - 1).unwrap_or(i128::MAX);
                        base -= low + ones;
                        self.wires.turned(&digits)
                    } else {
                        base += low;
                        digits
                    }
                }
            };
            parts.push(digits);
        }
        // The shortest first, so that carries stay short.
        parts.sort_by_key(|part| part.0.len());
        let mut parts = std::collections::VecDeque::from(parts);
        while parts.len() > 1 {
            if let (Some(a), Some(b)) = (parts.pop_front(), parts.pop_front()) {
                let sum = self.wires.add(&a, &b);
                let place = parts.iter().position(|part| part.0.len() > sum.0.len()).unwrap_or(parts.len());
                parts.insert(place, sum);
            }
        }
        Summed { base, digits: parts.pop_front().unwrap_or_default() }
    }
}

/// Steps for some wires, each as early as its results need it; registers are used again once nobody reads them any more.
fn schedule(wires: &Wires, results: &[Wire]) -> Program {
    // When each wire is needed for the first time: results in order, each with what it is made of before it.
    let mut order: Vec<Wire> = Vec::new();
    let mut placed = vec![false; wires.sources().len()];
    let mut ends: Vec<usize> = Vec::new();
    for result in results {
        let mut stack = vec![(*result, false)];
        while let Some((wire, ready)) = stack.pop() {
            if placed[wire.position()] {
                continue;
            }
            if ready {
                placed[wire.position()] = true;
                order.push(wire);
                continue;
            }
            stack.push((wire, true));
            stack.extend(
                operands(wires.sources()[wire.position()]).into_iter().flatten().map(|operand| (operand, false)),
            );
        }
        ends.push(order.len());
    }
    let mut uses = vec![0u32; wires.sources().len()];
    for wire in &order {
        for operand in operands(wires.sources()[wire.position()]).into_iter().flatten() {
            uses[operand.position()] += 1;
        }
    }
    results.iter().for_each(|result| uses[result.position()] += 1);

    let mut steps = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    let mut registers = 0u32;
    let mut register = vec![0u32; wires.sources().len()];
    let mut next = 0;
    let mut release = |wire: Wire, free: &mut Vec<u32>, register: &[u32]| {
        uses[wire.position()] -= 1;
        if uses[wire.position()] == 0 {
            free.push(register[wire.position()]);
        }
    };
    for (which, (result, end)) in results.iter().zip(&ends).enumerate() {
        for wire in &order[next..*end] {
            let source = wires.sources()[wire.position()];
            let to = free.pop().unwrap_or_else(|| {
                registers += 1;
                registers - 1
            });
            register[wire.position()] = to;
            let at = |wire: Wire| register[wire.position()];
            steps.push(match source {
                Source::Const(bit) => Step::Const { to, bit },
                Source::Input(bit) => Step::Input { to, bit },
                Source::Not(of) => Step::Not { to, of: at(of) },
                Source::And(a, b) => Step::And { to, a: at(a), b: at(b) },
                Source::Or(a, b) => Step::Or { to, a: at(a), b: at(b) },
                Source::Xor(a, b) => Step::Xor { to, a: at(a), b: at(b) },
            });
            for operand in operands(source).into_iter().flatten() {
                release(operand, &mut free, &register);
            }
        }
        next = *end;
        steps.push(Step::Result { of: register[result.position()], result: u32::try_from(which).unwrap_or(u32::MAX) });
        release(*result, &mut free, &register);
    }
    Program { steps, registers: registers as usize }
}

fn operands(source: Source) -> [Option<Wire>; 2] {
    match source {
        Source::Const(_) | Source::Input(_) => [None, None],
        Source::Not(of) => [Some(of), None],
        Source::And(a, b) | Source::Or(a, b) | Source::Xor(a, b) => [Some(a), Some(b)],
    }
}

/// The planes of one word of 512 leads: plane `b` holds bit `b` of each lead's word.
///
/// Eight squares of 64 by 64 bits are turned at once, by exchanging ever smaller blocks: lead `8 * j + l` is row `j` of square `l`,
/// so that a row of all squares is what lies side by side in memory.
#[inline(always)]
pub(super) fn transpose(words: &[u64; ROWS], planes: &mut [Plane]) {
    let (rows, _) = words.as_chunks::<LANES>();
    planes.copy_from_slice(rows);
    let mut half = 32;
    let mut mask = 0x0000_0000_FFFF_FFFF_u64;
    while half != 0 {
        for block in planes.chunks_exact_mut(2 * half) {
            let (upper, lower) = block.split_at_mut(half);
            for (a, b) in upper.iter_mut().zip(lower) {
                for (a, b) in a.iter_mut().zip(b) {
                    let exchanged = ((*a >> half) ^ *b) & mask;
                    *b ^= exchanged;
                    *a ^= exchanged << half;
                }
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
}
