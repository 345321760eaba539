//! Tests of the formulas: their worked examples and their limits.

use super::*;

#[test]
fn worked_examples_come_out() {
    for formula in FORMULAS {
        let (inputs, wanted) = formula.example();
        let got = formula.eval(inputs);
        assert!((got - wanted).abs() <= 2e-5 * wanted.abs(), "{}: {got} instead of {wanted}", formula.label());
    }
}

#[test]
fn every_input_stands_in_the_text() {
    for formula in FORMULAS {
        for place in 0..formula.example().0.len() {
            assert!(formula.text().contains(&format!("{{{place}}}")), "{}: no {{{place}}}", formula.label());
        }
    }
}

#[test]
fn one_token_touches_exactly_k_experts_and_many_touch_all() {
    let touched = |tokens| (EXPERTS_TOUCHED.eval)([128.0, 8.0, tokens, 0.87]);
    assert!((touched(1.0) - 8.0).abs() < 1e-9);
    assert!(touched(2.0) > 8.0 && touched(2.0) <= 16.0);
    assert!(touched(1e6) <= 128.0 && touched(1e6) > 127.9);
}
