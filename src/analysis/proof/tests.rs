//! Proofs written by hand, and random ones, whole and spoilt, against propagation without watched literals and against truth tables.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use proptest::prelude::*;
use proptest::sample::Index;

use super::{Accepted, Fault, Literal, ProofFault, Step, check, steps};

fn accepted(axioms: usize, lemmas: usize, queries: usize) -> Result<Accepted, ProofFault> {
    Ok(Accepted { axioms, lemmas, queries })
}

fn fault(line: usize, what: Fault) -> Result<Accepted, ProofFault> {
    Err(ProofFault { line, what })
}

#[test]
fn nothing_proves_nothing() {
    assert_eq!(check(""), accepted(0, 0, 0));
    assert_eq!(check("c only a note\n\n"), accepted(0, 0, 0));
}

#[test]
fn a_chain_of_clauses_refutes_its_ends() {
    let chain = "i -1 2 0\ni -2 3 0\n";
    assert_eq!(check(&format!("{chain}q 1 -3 0\n")), accepted(2, 0, 1));
    assert_eq!(check(&format!("{chain}l -1 3 0\nq 1 -3 0\n")), accepted(2, 1, 1));
    assert_eq!(check(&format!("{chain}q 1 3 0\n")), fault(3, Fault::QueryNotRefuted));
    assert_eq!(check(&format!("{chain}l 1 3 0\n")), fault(3, Fault::LemmaDoesNotFollow));
    // Nothing of a query is left behind for the next one.
    assert_eq!(check(&format!("{chain}q 1 -3 0\nq 1 0\n")), fault(4, Fault::QueryNotRefuted));
}

#[test]
fn what_needs_a_case_distinction_needs_a_lemma() {
    // All four combinations of 1 and 2 are excluded, so nothing propagates.
    let axioms = "i 1 2 0\ni 1 -2 0\ni -1 2 0\ni -1 -2 0\n";
    assert_eq!(check(&format!("{axioms}q 0\n")), fault(5, Fault::QueryNotRefuted));
    assert_eq!(check(&format!("{axioms}l 1 0\nq 0\n")), accepted(4, 1, 1));
    // From a contradiction all follows.
    assert_eq!(check(&format!("{axioms}l 1 0\nl 7 0\nq 9 0\n")), accepted(4, 2, 1));
}

#[test]
fn lines_are_believed_only_by_what_stands_above() {
    assert_eq!(check("i -1 2 0\nq 1 -3 0\ni -2 3 0\n"), fault(2, Fault::QueryNotRefuted));
    assert_eq!(check("q 1 -1 0\n"), accepted(0, 0, 1));
    assert_eq!(check("l 1 -1 0\n"), accepted(0, 1, 0));
}

#[test]
fn repeated_literals_and_short_clauses() {
    assert_eq!(check("i 1 1 0\nq -1 0\n"), accepted(1, 0, 1));
    assert_eq!(check("i 1 1 1 2 2 0\nq -1 -2 0\n"), accepted(1, 0, 1));
    assert_eq!(check("i 0\nq 0\n"), accepted(1, 0, 1));
    assert_eq!(check("i 1 0\ni -1 0\nq 0\n"), accepted(2, 0, 1));
    assert_eq!(check("i 2147483647 -2147483648 0\nq -2147483647 0\n"), fault(2, Fault::QueryNotRefuted));
}

#[test]
fn what_is_no_proof_is_refused_at_its_line() {
    assert_eq!(check("c\nx 1 0\n"), fault(2, Fault::UnknownKind("x".into())));
    assert_eq!(check("input 1 0\n"), fault(1, Fault::UnknownKind("input".into())));
    assert_eq!(check("i 1 0\nl 1 x 0\n"), fault(2, Fault::NotALiteral("x".into())));
    assert_eq!(check("i 2147483648 0\n"), fault(1, Fault::NotALiteral("2147483648".into())));
    assert_eq!(check("i 1 0\nq -1\n"), fault(2, Fault::NoEnd));
    assert_eq!(check("i 1 0 2 0\n"), fault(1, Fault::AfterEnd));
    assert_eq!(check("i 1 0\nq -1").unwrap_err().to_string(), "line 2: the line does not end with `0`");
}

#[test]
fn a_note_stays_a_note() {
    let note = Step::Note("named by somebody\ni 1 0".to_owned());
    assert_eq!(note.to_string(), "c named by somebody\nc i 1 0\n");
    assert_eq!(check(&format!("{note}q -1 0\n")), fault(3, Fault::QueryNotRefuted));
}

/// Variables of the random proofs are from 1 to this.
const VARIABLES: i32 = 5;

fn literal() -> impl Strategy<Value = Literal> {
    (1..=VARIABLES, any::<bool>()).prop_map(|(v, positive)| Literal::new(if positive { v } else { -v }).unwrap())
}

fn clauses() -> impl Strategy<Value = Vec<Vec<Literal>>> {
    proptest::collection::vec(proptest::collection::vec(literal(), 1..=4), 4..=40)
}

/// Literals of different variables.
fn assumptions() -> impl Strategy<Value = Vec<Literal>> {
    proptest::collection::vec(literal(), 0..=2).prop_map(|mut literals| {
        literals.dedup_by_key(|l| l.abs());
        literals
    })
}

/// A proof that the assumptions cannot hold with the axioms, by trying all values of all variables in order; as far as that is so.
fn proof(axioms: &[Vec<Literal>], assumptions: &[Literal]) -> Vec<Step> {
    let mut steps = vec![Step::Note("all of it".to_owned())];
    steps.extend(axioms.iter().cloned().map(Step::Input));
    if excluded(axioms, &mut assumptions.to_vec(), &mut steps) {
        steps.push(Step::Query(assumptions.to_vec()));
    }
    steps
}

/// Whether the axioms exclude what is assumed; then the last step is the lemma that says so.
fn excluded(axioms: &[Vec<Literal>], assumed: &mut Vec<Literal>, steps: &mut Vec<Step>) -> bool {
    let open = (1..=VARIABLES).filter_map(Literal::new).find(|v| !assumed.iter().any(|a| a.abs() == v.abs()));
    let excluded = axioms.iter().any(|clause| clause.iter().all(|l| assumed.contains(&-*l)))
        || open.is_some_and(|variable| {
            [variable, -variable].into_iter().all(|decision| {
                assumed.push(decision);
                let excluded = excluded(axioms, assumed, steps);
                assumed.pop();
                excluded
            })
        });
    if excluded {
        steps.push(Step::Lemma(assumed.iter().map(|l| -*l).collect()));
    }
    excluded
}

/// A way to spoil a proof.
#[derive(Debug, Clone)]
enum Spoil {
    Drop(Index),
    Negate(Index, Index),
    Shorten(Index, Index),
    Swap(Index, Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let two = || (any::<Index>(), any::<Index>());
    prop_oneof![
        any::<Index>().prop_map(Spoil::Drop),
        two().prop_map(|(step, at)| Spoil::Negate(step, at)),
        two().prop_map(|(step, at)| Spoil::Shorten(step, at)),
        two().prop_map(|(one, other)| Spoil::Swap(one, other)),
    ]
}

fn literals(step: &mut Step) -> Option<&mut Vec<Literal>> {
    match step {
        Step::Note(_) => None,
        Step::Input(literals) | Step::Lemma(literals) | Step::Query(literals) => {
            Some(literals).filter(|l| !l.is_empty())
        }
    }
}

fn spoilt(mut proof: Vec<Step>, spoils: &[Spoil]) -> Vec<Step> {
    for spoil in spoils {
        let length = proof.len();
        match spoil {
            Spoil::Drop(step) if length > 1 => drop(proof.remove(step.index(length))),
            Spoil::Drop(_) => {}
            Spoil::Negate(step, at) => {
                if let Some(literals) = literals(&mut proof[step.index(length)]) {
                    let at = at.index(literals.len());
                    literals[at] = -literals[at];
                }
            }
            Spoil::Shorten(step, at) => {
                if let Some(literals) = literals(&mut proof[step.index(length)]) {
                    literals.remove(at.index(literals.len()));
                }
            }
            Spoil::Swap(one, other) => proof.swap(one.index(length), other.index(length)),
        }
    }
    proof
}

/// Whether assuming the literals contradicts the clauses: all clauses are looked at again until nothing is new.
fn propagation_refutes(clauses: &[&[Literal]], assumed: &[Literal]) -> bool {
    let mut true_ones = assumed.to_vec();
    loop {
        if true_ones.iter().any(|l| true_ones.contains(&-*l)) {
            return true;
        }
        let before = true_ones.len();
        for clause in clauses {
            let mut open: Vec<Literal> = clause.iter().copied().filter(|l| !true_ones.contains(&-*l)).collect();
            open.dedup();
            match open.as_slice() {
                [] => return true,
                [only] if !true_ones.contains(only) => true_ones.push(*only),
                [_] | [_, ..] => {}
            }
        }
        if true_ones.len() == before {
            return false;
        }
    }
}

/// What the checker should say, by the definition.
fn verdict(proof: &[Step]) -> Result<Accepted, ProofFault> {
    let mut above: Vec<&[Literal]> = Vec::new();
    let mut accepted = Accepted::default();
    for (line, step) in (1..).zip(proof) {
        match step {
            Step::Note(_) => {}
            Step::Input(clause) => {
                accepted.axioms += 1;
                above.push(clause);
            }
            Step::Lemma(clause) => {
                accepted.lemmas += 1;
                let negated: Vec<Literal> = clause.iter().map(|l| -*l).collect();
                if !propagation_refutes(&above, &negated) {
                    return fault(line, Fault::LemmaDoesNotFollow);
                }
                above.push(clause);
            }
            Step::Query(assumed) => {
                accepted.queries += 1;
                if !propagation_refutes(&above, assumed) {
                    return fault(line, Fault::QueryNotRefuted);
                }
            }
        }
    }
    Ok(accepted)
}

/// Whether some assignment satisfies the clauses, and all of these literals.
fn satisfiable(clauses: &[Vec<Literal>], literals: &[Literal]) -> bool {
    (0..1 << VARIABLES).any(|assignment: i32| {
        let holds = |l: &Literal| (assignment >> (l.get().abs() - 1) & 1 == 1) == l.is_positive();
        literals.iter().all(holds) && clauses.iter().all(|clause| clause.iter().any(holds))
    })
}

fn text(proof: &[Step]) -> String {
    proof.iter().map(Step::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn proofs_survive_being_written_and_read(axioms in clauses(), assumptions in assumptions()) {
        let proof = proof(&axioms, &assumptions);
        let read: Vec<(usize, Step)> = steps(&text(&proof)).collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(read, (1..).zip(proof).collect::<Vec<_>>());
    }

    #[test]
    fn a_proof_is_accepted_and_says_the_truth(axioms in clauses(), assumptions in assumptions()) {
        let proof = proof(&axioms, &assumptions);
        let accepted = check(&text(&proof)).unwrap();
        prop_assert_eq!(accepted.axioms, axioms.len());
        prop_assert_eq!(accepted.queries == 0, satisfiable(&axioms, &assumptions));
    }

    #[test]
    fn a_spoilt_proof_is_accepted_only_as_far_as_it_still_proves(
        axioms in clauses(),
        assumptions in assumptions(),
        spoils in proptest::collection::vec(spoil(), 1..=3),
    ) {
        let proof = spoilt(proof(&axioms, &assumptions), &spoils);
        let checked = check(&text(&proof));
        prop_assert_eq!(&checked, &verdict(&proof));
        if checked.is_ok() {
            let inputs: Vec<Vec<Literal>> =
                proof.iter().filter_map(|step| if let Step::Input(clause) = step { Some(clause.clone()) } else { None }).collect();
            for step in &proof {
                match step {
                    Step::Note(_) | Step::Input(_) => {}
                    Step::Lemma(clause) => {
                        let negated: Vec<Literal> = clause.iter().map(|l| -*l).collect();
                        prop_assert!(!satisfiable(&inputs, &negated));
                    }
                    Step::Query(assumed) => prop_assert!(!satisfiable(&inputs, assumed)),
                }
            }
        }
    }
}
