//! Bytes of cache and state that one stream keeps and reads.
//!
//! The cache of full attention grows with the context and that of a sliding window stops growing at its width. MLA
//! caches one latent per token, whose elements the catalog states. Linear attention keeps a state of constant size.
//! Streams share none of it.

use super::case::EstimateInputs;
use super::formula::{KV_BYTES, KV_SUM, STATE_BYTES, WINDOW_TOKENS};
use super::labels;
use super::trace::Tape;

/// Returns the cache of one stream with `tokens` tokens in it, bytes.
pub(super) fn cache<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, tokens: T::Num) -> T::Num {
    let bits = tape.leaf(&labels::KV_BITS, case.kv_bits);
    let elems = tape.leaf(&labels::KV_ELEMS, case.kv_elems);
    let full = tape.step(&KV_BYTES, [elems, tokens, bits]);
    let Some(window) = &case.window else { return full };
    let seen = window_tokens(tape, case, tokens);
    let elems = tape.leaf(&labels::WINDOW_ELEMS, window.elems);
    let windowed = tape.step(&KV_BYTES, [elems, seen, bits]);
    tape.step(&KV_SUM, [full, windowed])
}

/// Returns the number of cached tokens that windowed layers see, out of `tokens`; all of them if the model has no
/// window.
pub(super) fn window_tokens<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>, tokens: T::Num) -> T::Num {
    let Some(window) = &case.window else { return tokens };
    let width = tape.leaf(&labels::WINDOW, window.tokens);
    tape.step(&WINDOW_TOKENS, [tokens, width])
}

/// Returns the recurrent state of one stream, bytes; `None` if the model has none.
pub(super) fn state<'a, T: Tape<'a>>(tape: &mut T, case: &EstimateInputs<'a>) -> Option<T::Num> {
    let linear = case.linear.as_ref()?;
    let state = tape.leaf(&labels::STATE_ELEMS, linear.state.0);
    let width = tape.leaf(&labels::STATE_WIDTH, linear.state.1);
    let conv = tape.leaf(&labels::CONV_ELEMS, linear.conv.0);
    let conv_width = tape.leaf(&labels::CONV_WIDTH, linear.conv.1);
    Some(tape.step(&STATE_BYTES, [state, width, conv, conv_width]))
}
