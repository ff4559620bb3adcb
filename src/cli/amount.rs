//! Amounts of data as people read them.

/// Bytes of a gigabyte.
pub(super) const GIGABYTE: f64 = 1e9;

/// Gigabytes as text, in the unit that suits them.
pub(super) fn told(gigabytes: f64) -> String {
    let bytes = gigabytes * GIGABYTE;
    let units = [(GIGABYTE, "GB"), (1e6, "MB"), (1e3, "kB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{:.2} {name}", bytes / unit),
        None => format!("{bytes:.0} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn an_amount_is_told_in_the_unit_that_suits_it() {
        assert_eq!(told(2.0), "2.00 GB");
        assert_eq!(told(0.086_25), "86.25 MB");
        assert_eq!(told(0.000_01), "10.00 kB");
        assert_eq!(told(5e-7), "500 bytes");
    }
}
