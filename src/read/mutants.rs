//! Damaged copies of a file, the same in every run, for tests that nothing does harm.

/// Calls `run` with damaged copies: bytes changed, numbers made extreme, parts cut out or repeated, the end cut off.
/// `HECHA_MUTATIONS` for longer runs.
#[allow(clippy::disallowed_methods, reason = "how long to run is said from outside")]
pub(in crate::read) fn mutants(whole: &[u8], mut run: impl FnMut(&[u8])) {
    const EXTREMES: [&[u8]; 6] =
        [&[0xFF; 4], &[0; 4], &[0xFF, 0xFF, 0xFF, 0x7F], &[0, 0, 0, 0x80], &[0xFF, 0xFF], &[1, 0, 0, 0]];
    let rounds: u64 = std::env::var("HECHA_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap_or(0)
    };
    for _ in 0..rounds {
        let mut bytes = whole.to_vec();
        for _ in 0..=next(6) {
            let at = next(bytes.len());
            let to = (at + next(64)).min(bytes.len());
            match next(8) {
                0..=2 => bytes[at] ^= 1 << next(8),
                3 => bytes[at] = u8::try_from(next(256)).unwrap_or(0),
                4 | 5 => {
                    let extreme = EXTREMES[next(EXTREMES.len())];
                    let end = (at + extreme.len()).min(bytes.len());
                    bytes[at..end].copy_from_slice(&extreme[..end - at]);
                }
                6 => {
                    let part = bytes[at..to].to_vec();
                    bytes.splice(at..at, part);
                }
                _ => drop(bytes.drain(at..to)),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        if next(6) == 0 {
            bytes.truncate(next(bytes.len()));
        }
        run(&bytes);
    }
}
