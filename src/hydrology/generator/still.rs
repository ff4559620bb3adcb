//! Months in which nothing changes from year to year: a lake under ice, a river that is dry every summer.

/// Gives months whose scores never change those of the next month of their year that has some, else of the last before
/// (equation E76); what is drawn for them is not seen, and carries the year past them.
pub fn carried(scores: &[Vec<f64>; 12]) -> [Vec<f64>; 12] {
    let moves = |month: usize| {
        let years = &scores[month];
        years.iter().any(|score| *score != years[0])
    };
    let source = |month: usize| {
        let next = (month..12).find(|other| moves(*other));
        next.or_else(|| (0..month).rev().find(|other| moves(*other)))
    };
    std::array::from_fn(|month| scores[source(month).unwrap_or(month)].clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e76_a_month_that_never_changes_takes_the_next_that_does() {
        let moving = [3_usize, 4, 9];
        let scores = std::array::from_fn(|month| match moving.contains(&month) {
            true => vec![month as f64, 1.0],
            false => vec![7.0; 2],
        });
        let carried = carried(&scores);
        let of: Vec<f64> = carried.iter().map(|years| years[0]).collect();
        let expected = [3.0, 3.0, 3.0, 3.0, 4.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
        assert_eq!(of, expected);
    }

    #[test]
    fn e76_a_site_that_never_changes_stays_as_it_is() {
        let scores: [Vec<f64>; 12] = std::array::from_fn(|_| vec![0.0; 3]);
        assert_eq!(carried(&scores), scores);
    }
}
