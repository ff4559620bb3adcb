//! River order: every node after all from which water can reach it.

use std::collections::BTreeSet;

/// Sorts nodes so that each edge `(from, to)` points forward; nodes that could stand in either order
/// stand in the order of their `keys`.
///
/// # Errors
/// The nodes that lie on a loop or below one, where there is a loop.
pub(super) fn river_order<K: Ord + Clone>(
    keys: &[K],
    edges: &[(usize, usize)],
) -> Result<Vec<usize>, Vec<usize>> {
    let mut waiting = vec![0_usize; keys.len()];
    let mut below = vec![Vec::new(); keys.len()];
    for &(from, to) in edges {
        waiting[to] += 1;
        below[from].push(to);
    }
    let entry = |node: usize| (keys[node].clone(), node);
    let mut ready: BTreeSet<(K, usize)> = (0..keys.len())
        .filter(|node| waiting[*node] == 0)
        .map(entry)
        .collect();
    let mut order = Vec::with_capacity(keys.len());
    while let Some((_, node)) = ready.pop_first() {
        order.push(node);
        for &next in &below[node] {
            waiting[next] -= 1;
            if waiting[next] == 0 {
                ready.insert(entry(next));
            }
        }
    }
    if order.len() == keys.len() {
        return Ok(order);
    }
    Err(loop_among(&waiting, edges))
}

/// The nodes of one loop among those that were never ready.
fn loop_among(waiting: &[usize], edges: &[(usize, usize)]) -> Vec<usize> {
    let stuck = |node: usize| waiting[node] > 0;
    let above = |node: usize| {
        let into = edges
            .iter()
            .filter(|(from, to)| *to == node && stuck(*from));
        into.map(|(from, _)| *from).min()
    };
    let mut way = Vec::new();
    let mut node = (0..waiting.len()).find(|node| stuck(*node));
    while let Some(at) = node {
        if let Some(start) = way.iter().position(|seen| *seen == at) {
            let mut ring = way.split_off(start);
            ring.reverse();
            return ring;
        }
        way.push(at);
        node = above(at);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_where_the_river_does_not() {
        let order = river_order(&["c", "b", "a"], &[(0, 2)]);
        assert_eq!(order, Ok(vec![1, 0, 2]));
    }

    #[test]
    fn a_loop_is_told_in_the_direction_of_flow() {
        let order = river_order(&["a", "b", "c", "d"], &[(0, 1), (1, 2), (2, 1), (2, 3)]);
        let ring = order.expect_err("a loop");
        assert!(ring == [1, 2] || ring == [2, 1], "{ring:?}");
    }
}
