//! Correlation matrices: their repair and their roots (equation E53).
//!
//! Rotations and sums are written out, in a fixed order, so that a root is the same on every processor.

/// Rows of a square matrix; of a root only its lower triangle, row i of i + 1 numbers.
pub type Rows = Vec<Vec<f64>>;

/// Least eigenvalue that a repaired matrix is given.
const LEAST: f64 = 1e-6;

/// Rounds of rotations after which no element off the diagonal is left.
const ROUNDS: usize = 60;

/// The root of a correlation matrix, and how far its repair had to move a correlation.
#[derive(Clone, Debug, PartialEq)]
pub struct Root {
    /// The lower triangle L; L Lᵀ is the matrix, or the repaired one.
    pub rows: Rows,
    /// Greatest change of a correlation; 0 where nothing was repaired.
    pub repaired_by: f64,
}

/// The root of a symmetric matrix with a diagonal of 1, repaired where it is not positive definite.
pub fn root(matrix: &Rows) -> Root {
    if let Some(rows) = cholesky(matrix) {
        return Root {
            rows,
            repaired_by: 0.0,
        };
    }
    let repaired = repair(matrix);
    let changes = matrix.iter().flatten().zip(repaired.iter().flatten());
    let repaired_by = changes.fold(0.0, |most: f64, (one, other)| most.max((one - other).abs()));
    // Its eigenvalues are above 0 by a margin that rounding does not reach; were it not so, all would be independent.
    let rows = cholesky(&repaired).unwrap_or_else(|| identity(matrix.len()));
    Root { rows, repaired_by }
}

/// The product of a root and independent deviates: correlated ones.
pub fn correlated(root: &Rows, own: &[f64]) -> Vec<f64> {
    let sum = |row: &Vec<f64>| row.iter().zip(own).map(|(part, z)| part * z).sum();
    root.iter().map(sum).collect()
}

/// Whether rows are a lower triangle of finite numbers.
pub fn is_triangle(rows: &Rows) -> bool {
    let mut rows = rows.iter().enumerate();
    rows.all(|(at, row)| row.len() == at + 1 && row.iter().all(|number| number.is_finite()))
}

/// The lower triangle; none of a matrix that is not clearly positive definite.
fn cholesky(matrix: &Rows) -> Option<Rows> {
    let mut rows: Rows = Vec::with_capacity(matrix.len());
    for (at, wanted) in matrix.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(at + 1);
        for other in 0..at {
            let above: &Vec<f64> = &rows[other];
            let known: f64 = row.iter().zip(above).map(|(a, b)| a * b).sum();
            row.push((wanted[other] - known) / above[other]);
        }
        let left = wanted[at] - row.iter().map(|part| part * part).sum::<f64>();
        // A thousandth of the least eigenvalue of a repaired matrix: below it only rounding is left.
        if left.is_nan() || left < 1e-3 * LEAST {
            return None;
        }
        row.push(libm::sqrt(left));
        rows.push(row);
    }
    Some(rows)
}

/// The matrix with its low eigenvalues raised and its diagonal scaled back to 1 (Rebonato & Jäckel 1999).
fn repair(matrix: &Rows) -> Rows {
    let (values, vectors) = eigen(matrix);
    let count = matrix.len();
    let element = |i: usize, j: usize| -> f64 {
        let parts = (0..count).map(|k| values[k].max(LEAST) * vectors[i][k] * vectors[j][k]);
        parts.sum()
    };
    let scale: Vec<f64> = (0..count)
        .map(|i| 1.0 / libm::sqrt(element(i, i)))
        .collect();
    let cell = |i: usize, j: usize| match i == j {
        true => 1.0,
        false => element(i.max(j), i.min(j)) * scale[i] * scale[j],
    };
    let row = |i: usize| (0..count).map(|j| cell(i, j)).collect();
    (0..count).map(row).collect()
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors as columns, by rotations (Jacobi 1846).
fn eigen(matrix: &Rows) -> (Vec<f64>, Rows) {
    let (mut rest, mut vectors) = (matrix.clone(), identity(matrix.len()));
    for _ in 0..ROUNDS {
        let mut turned = false;
        for i in 1..rest.len() {
            for j in 0..i {
                if rest[i][j].abs() > 1e-15 {
                    rotate(&mut rest, &mut vectors, i, j);
                    turned = true;
                }
            }
        }
        if !turned {
            break;
        }
    }
    let values = (0..rest.len()).map(|i| rest[i][i]).collect();
    (values, vectors)
}

/// Turns the axes `i` and `j` so that the element between them becomes 0.
fn rotate(rest: &mut [Vec<f64>], vectors: &mut [Vec<f64>], i: usize, j: usize) {
    let slope = (rest[j][j] - rest[i][i]) / (2.0 * rest[i][j]);
    let sign = if slope < 0.0 { -1.0 } else { 1.0 };
    let tangent = sign / (slope.abs() + libm::sqrt(slope * slope + 1.0));
    let cosine = 1.0 / libm::sqrt(tangent * tangent + 1.0);
    let sine = tangent * cosine;
    let turn = |row: &mut Vec<f64>| {
        let (a, b) = (row[i], row[j]);
        row[i] = cosine * a - sine * b;
        row[j] = sine * a + cosine * b;
    };
    rest.iter_mut().for_each(turn);
    vectors.iter_mut().for_each(turn);
    let (above, below) = (rest[i].clone(), rest[j].clone());
    let pairs = || above.iter().zip(&below);
    rest[i] = pairs().map(|(a, b)| cosine * a - sine * b).collect();
    rest[j] = pairs().map(|(a, b)| sine * a + cosine * b).collect();
}

fn identity(count: usize) -> Rows {
    let row = |i: usize| (0..count).map(|j| f64::from(u8::from(i == j))).collect();
    (0..count).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(root: &Rows, i: usize, j: usize) -> f64 {
        root[i].iter().zip(&root[j]).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn e53_a_sound_matrix_is_kept() {
        let matrix = vec![
            vec![1.0, 0.5, 0.2],
            vec![0.5, 1.0, -0.3],
            vec![0.2, -0.3, 1.0],
        ];
        let root = root(&matrix);
        assert_eq!(root.repaired_by, 0.0);
        for (i, row) in matrix.iter().enumerate() {
            for (j, wanted) in row.iter().enumerate() {
                assert!((product(&root.rows, i, j) - wanted).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn e53_a_matrix_that_contradicts_itself_is_repaired() {
        // Correlations of 0.9, 0.9 and −0.9: eigenvalues 1.9, 1.9 and −0.8. By symmetry the repair keeps the signs
        // and, the lowest eigenvalue being raised to about 0, brings all three to one half.
        let matrix = vec![
            vec![1.0, 0.9, 0.9],
            vec![0.9, 1.0, -0.9],
            vec![0.9, -0.9, 1.0],
        ];
        let root = root(&matrix);
        for (i, j, wanted) in [(1, 0, 0.5), (2, 0, 0.5), (2, 1, -0.5)] {
            // The raised eigenvalue of 1e-6 moves a correlation by less than that.
            assert!((product(&root.rows, i, j) - wanted).abs() < 1e-6);
            assert!((product(&root.rows, i, i) - 1.0).abs() < 1e-12);
        }
        assert!((root.repaired_by - 0.4).abs() < 1e-6);
    }

    #[test]
    fn e53_eigenvectors_rebuild_their_matrix() {
        let matrix = vec![
            vec![1.0, 0.99, 0.1],
            vec![0.99, 1.0, 0.4],
            vec![0.1, 0.4, 1.0],
        ];
        let (values, vectors) = eigen(&matrix);
        assert!((values.iter().sum::<f64>() - 3.0).abs() < 1e-14);
        for (i, row) in matrix.iter().enumerate() {
            for (j, wanted) in row.iter().enumerate() {
                let parts = (0..3).map(|k| values[k] * vectors[i][k] * vectors[j][k]);
                assert!((parts.sum::<f64>() - wanted).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn e53_what_comes_first_does_not_know_what_follows() {
        let two = root(&vec![vec![1.0, 0.5], vec![0.5, 1.0]]).rows;
        let three = vec![
            vec![1.0, 0.5, 0.2],
            vec![0.5, 1.0, -0.3],
            vec![0.2, -0.3, 1.0],
        ];
        assert_eq!(two, root(&three).rows[..2]);
    }
}
