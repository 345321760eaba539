//! Robust non-linear least squares for a few hundred rows and a few dozen unknowns.
//!
//! Levenberg-Marquardt on pseudo-Huber residuals (iteratively reweighted), with a quadratic pull of every unknown
//! towards 0. Deterministic: no random start, no threads.

/// An observation: its residual for given unknowns, its weight, and the unknowns on which it depends.
pub(super) trait Observation {
    /// Returns the residual in units of the observation's spread.
    fn residual(&self, unknowns: &[f64]) -> f64;
    /// Returns the indices of the unknowns on which the residual depends.
    fn depends(&self) -> &[usize];
    /// Returns the weight in the sum of errors.
    fn weight(&self) -> f64;
}

const STEPS: usize = 60;
const DIFFERENCE: f64 = 1e-4;

/// Returns the unknowns with the smallest robust error, searched from `start`; `pull` is the pull of each towards 0.
pub(super) fn solve<O: Observation>(observations: &[O], pull: &[f64], start: Vec<f64>) -> Vec<f64> {
    let mut unknowns = start;
    let mut damping = 1e-3;
    let mut best = cost(observations, pull, &unknowns);
    for _ in 0..STEPS {
        let (matrix, slope) = normal_equations(observations, pull, &unknowns);
        let mut improved = false;
        while damping < 1e8 {
            let Some(step) = cholesky_solve(damped(&matrix, damping), &slope) else {
                damping *= 10.0;
                continue;
            };
            let moved: Vec<f64> = unknowns.iter().zip(&step).map(|(x, d)| x - d.clamp(-1.0, 1.0)).collect();
            let reached = cost(observations, pull, &moved);
            if reached < best {
                improved = best - reached > 1e-5 * best;
                (best, unknowns) = (reached, moved);
                damping = (damping / 5.0).max(1e-9);
                break;
            }
            damping *= 5.0;
        }
        if !improved {
            break;
        }
    }
    unknowns
}

fn cost<O: Observation>(observations: &[O], pull: &[f64], unknowns: &[f64]) -> f64 {
    let errors: f64 =
        observations.iter().map(|o| o.weight() * (libm::hypot(o.residual(unknowns), 1.0) - 1.0) * 2.0).sum();
    let pulls: f64 = pull.iter().zip(unknowns).map(|(p, x)| (p * x).powi(2)).sum();
    errors + pulls
}

type Matrix = Vec<Vec<f64>>;

fn normal_equations<O: Observation>(observations: &[O], pull: &[f64], unknowns: &[f64]) -> (Matrix, Vec<f64>) {
    let n = pull.len();
    let mut matrix = vec![vec![0.0; n]; n];
    let mut slope = vec![0.0; n];
    for (i, (pull, x)) in pull.iter().zip(unknowns).enumerate() {
        matrix[i][i] += pull * pull;
        slope[i] += pull * pull * x;
    }
    let mut moved = unknowns.to_vec();
    for observation in observations {
        let residual = observation.residual(unknowns);
        let weight = observation.weight() / libm::hypot(residual, 1.0);
        let slopes: Vec<f64> = observation
            .depends()
            .iter()
            .map(|at| {
                moved[*at] += DIFFERENCE;
                let there = observation.residual(&moved);
                moved[*at] = unknowns[*at];
                (there - residual) / DIFFERENCE
            })
            .collect();
        for (a, slope_a) in observation.depends().iter().zip(&slopes) {
            slope[*a] += weight * slope_a * residual;
            for (b, slope_b) in observation.depends().iter().zip(&slopes) {
                matrix[*a][*b] += weight * slope_a * slope_b;
            }
        }
    }
    (matrix, slope)
}

fn damped(matrix: &Matrix, damping: f64) -> Matrix {
    let mut damped = matrix.clone();
    for (i, row) in damped.iter_mut().enumerate() {
        row[i] = row[i] * (1.0 + damping) + 1e-9;
    }
    damped
}

/// Solves A·x = b for a symmetric positive definite A; `None` for any other A.
#[expect(clippy::needless_range_loop, reason = "rows and columns are both indexed, as in the textbook")]
fn cholesky_solve(mut a: Matrix, b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    for j in 0..n {
        for k in 0..j {
            let factor = a[j][k];
            for i in j..n {
                let other = a[i][k];
                a[i][j] -= other * factor;
            }
        }
        let pivot = a[j][j];
        if pivot <= 0.0 || !pivot.is_finite() {
            return None;
        }
        let root = pivot.sqrt();
        for row in a.iter_mut().skip(j) {
            row[j] /= root;
        }
    }
    let mut x = b.to_vec();
    for i in 0..n {
        let known: f64 = (0..i).map(|k| a[i][k] * x[k]).sum();
        x[i] = (x[i] - known) / a[i][i];
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| a[k][i] * x[k]).sum();
        x[i] = (x[i] - known) / a[i][i];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An observation of y = a + b·x with the unknowns a and b.
    struct Line {
        x: f64,
        y: f64,
    }

    impl Observation for Line {
        fn residual(&self, unknowns: &[f64]) -> f64 {
            (unknowns[0] + unknowns[1] * self.x - self.y) / 0.1
        }
        fn depends(&self) -> &[usize] {
            &[0, 1]
        }
        fn weight(&self) -> f64 {
            1.0
        }
    }

    #[test]
    fn a_line_is_found_in_spite_of_an_outlier() {
        let mut points: Vec<Line> = (0..20).map(|i| Line { x: f64::from(i), y: 2.0 + 0.5 * f64::from(i) }).collect();
        points.push(Line { x: 3.0, y: 40.0 });
        let found = solve(&points, &[0.0, 0.0], vec![0.0, 0.0]);
        assert!((found[0] - 2.0).abs() < 0.05 && (found[1] - 0.5).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn a_pull_keeps_what_the_data_do_not_say_at_zero() {
        let found = solve(&[Line { x: 0.0, y: 1.0 }], &[0.0, 1.0], vec![0.0, 0.0]);
        assert!((found[0] - 1.0).abs() < 1e-3 && found[1].abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn equations_are_solved() {
        let x = cholesky_solve(vec![vec![4.0, 2.0], vec![2.0, 3.0]], &[10.0, 8.0]).unwrap_or_default();
        assert!((x[0] - 1.75).abs() < 1e-12 && (x[1] - 1.5).abs() < 1e-12, "{x:?}");
        assert!(cholesky_solve(vec![vec![0.0]], &[1.0]).is_none());
    }
}
