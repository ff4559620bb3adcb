//! A floodplain below a dam: how much of it a flood covers (equation E41).

use crate::inputs::range::Range;
use crate::inputs::table::Table;
use crate::units::Quantity;

/// A floodplain and the published releases from which is known how much of it a flood covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Floodplain {
    /// Its area, ha.
    pub area_ha: f64,
    /// Volume of the flood that it needs, hm³.
    pub need_hm3: f64,
    /// Published releases.
    releases: Vec<Release>,
    /// How they are joined by a surface.
    fit: Fit,
}

/// A flood of which is known how much of the floodplain it covered.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Release {
    /// Logarithm of its volume in hm³.
    volume: f64,
    /// Logarithm of its plateau in m³/s.
    plateau: f64,
    /// Flooded share, from 0 to 1.
    share: f64,
    /// By how much the share may be off.
    within: f64,
}

/// Part of a floodplain that is flooded, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flooded {
    /// Least of all fits through releases that are off by as much as they may be.
    pub low: f64,
    /// Of the fit through the releases as they are published.
    pub share: f64,
    /// Greatest of all such fits.
    pub high: f64,
}

/// Least squares over the logarithms of volume and plateau: centre and inverse of the sums of squares.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fit {
    volume: f64,
    plateau: f64,
    inverse: [[f64; 2]; 2],
}

/// Determinants below this part of the product of both sums of squares are rounding: all on one line.
const ON_ONE_LINE: f64 = 1e-9;

impl Floodplain {
    /// Reads a table `[minimum_flow.floodplain]`.
    pub fn read(table: &Table) -> Option<Self> {
        let area_ha = table.number("area_ha", Range::Positive);
        let need_hm3 = table.quantity("need", Quantity::Volume, Range::Positive);
        let tables = table.tables("release");
        let releases: Vec<Option<Release>> = tables.iter().map(Release::read).collect();
        table.finish();
        let releases = releases.into_iter().collect::<Option<Vec<_>>>()?;
        let fit = Fit::of(&releases);
        let Some(fit) = fit else {
            let expected = "three or more [[minimum_flow.floodplain.release]] tables, whose volumes and plateaus \
                            do not rise together along one line";
            let found = crate::faults::counted(releases.len(), "release");
            table.fault("release", found, expected.to_owned(), String::new());
            return None;
        };
        let plain = Self {
            area_ha: area_ha?,
            need_hm3: need_hm3?,
            releases,
            fit,
        };
        plain.rises(table).then_some(plain)
    }

    /// Refuses releases by which a greater flood covers less.
    fn rises(&self, table: &Table) -> bool {
        let [volume, plateau] = self.exponents();
        if volume >= 0.0 && plateau >= 0.0 {
            return true;
        }
        let found = format!(
            "a fitted share that goes with the volume to the power of {volume:.3} and with the plateau to that of {plateau:.3}"
        );
        let expected =
            "releases by which a flood of more volume or discharge covers no less".to_owned();
        table.fault("release", found, expected, String::new());
        false
    }

    /// Exponents of volume and plateau in equation E41.
    pub fn exponents(&self) -> [f64; 2] {
        let mut exponents = [0.0; 2];
        for release in &self.releases {
            let slopes = self.fit.slopes(release);
            let depth = depth(release.share);
            exponents[0] += slopes[0] * depth;
            exponents[1] += slopes[1] * depth;
        }
        exponents
    }

    /// What a flood with a volume in hm³ and a plateau in m³/s covers (equation E41).
    pub fn flooded(&self, volume_hm3: f64, plateau_m3s: f64) -> Flooded {
        if volume_hm3 <= 0.0 || plateau_m3s <= 0.0 {
            return Flooded {
                low: 0.0,
                share: 0.0,
                high: 0.0,
            };
        }
        let at = [libm::log(volume_hm3), libm::log(plateau_m3s)];
        let (mut low, mut mean, mut high) = (0.0, 0.0, 0.0);
        for release in &self.releases {
            let weight = self.fit.weight(release, self.releases.len(), at);
            let ends =
                [-release.within, release.within].map(|off| weight * depth(release.share + off));
            low += ends[0].min(ends[1]);
            mean += weight * depth(release.share);
            high += ends[0].max(ends[1]);
        }
        Flooded {
            low: share(low),
            share: share(mean),
            high: share(high),
        }
    }
}

impl Release {
    /// Reads a table `[[minimum_flow.floodplain.release]]`.
    fn read(table: &Table) -> Option<Self> {
        let volume = table.quantity("volume", Quantity::Volume, Range::Positive);
        let plateau = table.quantity("plateau", Quantity::Flow, Range::Positive);
        let share = table.number("share", Range::Fraction);
        let within = table.number("share_within", Range::Fraction);
        table.optional_text("name");
        table.finish();
        let (share, within) = (share?, within?);
        if share - within <= 0.0 || share + within >= 1.0 {
            let found = format!("{share} ± {within}");
            let expected = "a share that stays above 0 and below 1 with `share_within`".to_owned();
            table.fault("share", found, expected, String::new());
            return None;
        }
        Some(Self {
            volume: libm::log(volume?),
            plateau: libm::log(plateau?),
            share,
            within,
        })
    }
}

impl Fit {
    /// The fit of some releases; none where they lie along one line.
    fn of(releases: &[Release]) -> Option<Self> {
        let count = releases.len() as f64;
        let mean = |value: fn(&Release) -> f64| releases.iter().map(value).sum::<f64>() / count;
        let volume = mean(|release| release.volume);
        let plateau = mean(|release| release.plateau);
        let (mut squares, mut products) = ([0.0, 0.0], 0.0);
        for release in releases {
            let off = [release.volume - volume, release.plateau - plateau];
            squares[0] += off[0] * off[0];
            squares[1] += off[1] * off[1];
            products += off[0] * off[1];
        }
        let determinant = squares[0] * squares[1] - products * products;
        let is_spread = determinant > ON_ONE_LINE * squares[0] * squares[1];
        is_spread.then(|| Self {
            volume,
            plateau,
            inverse: [
                [squares[1] / determinant, -products / determinant],
                [-products / determinant, squares[0] / determinant],
            ],
        })
    }

    /// By how much a release raises the slopes over volume and plateau.
    fn slopes(&self, release: &Release) -> [f64; 2] {
        let off = [release.volume - self.volume, release.plateau - self.plateau];
        self.inverse.map(|row| row[0] * off[0] + row[1] * off[1])
    }

    /// The weight of a release in the fit at a place.
    fn weight(&self, release: &Release, count: usize, at: [f64; 2]) -> f64 {
        let slopes = self.slopes(release);
        let off = [at[0] - self.volume, at[1] - self.plateau];
        1.0 / count as f64 + slopes[0] * off[0] + slopes[1] * off[1]
    }
}

/// ln(−ln(1 − share)), which is linear in the logarithms.
fn depth(share: f64) -> f64 {
    libm::log(-libm::log(1.0 - share))
}

fn share(depth: f64) -> f64 {
    1.0 - libm::exp(-libm::exp(depth))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;
    use nalgebra::{DMatrix, DVector};

    use super::*;

    fn plain(releases: &[[f64; 4]]) -> Floodplain {
        let releases: Vec<Release> = releases
            .iter()
            .map(|[volume, plateau, share, within]| Release {
                volume: libm::log(*volume),
                plateau: libm::log(*plateau),
                share: *share,
                within: *within,
            })
            .collect();
        Floodplain {
            area_ha: 377_000.0,
            need_hm3: 5800.0,
            fit: Fit::of(&releases).expect("releases that differ"),
            releases,
        }
    }

    const PUBLISHED: [[f64; 4]; 4] = [
        [6700.0, 3500.0, 0.90, 0.05],
        [3850.0, 3500.0, 0.80, 0.10],
        [4640.0, 2650.0, 0.65, 0.10],
        [5250.0, 3420.0, 0.70, 0.15],
    ];

    #[test]
    fn e41_the_fit_is_that_of_least_squares() {
        let found = plain(&PUBLISHED);
        let row = |release: &[f64; 4]| [1.0, libm::log(release[0]), libm::log(release[1])];
        let design = DMatrix::from_fn(4, 3, |release, term| row(&PUBLISHED[release])[term]);
        let depths = DVector::from_fn(4, |release, _| depth(PUBLISHED[release][2]));
        let solution = design
            .svd(true, true)
            .solve(&depths, 1e-12)
            .expect("a least-squares solution");
        // The second method squares nothing; both lose a few digits to logarithms that lie close together.
        let exponents = found.exponents();
        assert_relative_eq!(exponents[0], solution[1], max_relative = 1e-9);
        assert_relative_eq!(exponents[1], solution[2], max_relative = 1e-9);
        for [volume, plateau, ..] in PUBLISHED.iter().chain(&[[3000.0, 1800.0, 0.0, 0.0]]) {
            let [volume_log, plateau_log] = [volume, plateau].map(|value| libm::log(*value));
            let depth = solution[0] + solution[1] * volume_log + solution[2] * plateau_log;
            let expected = 1.0 - libm::exp(-libm::exp(depth));
            let share = found.flooded(*volume, *plateau).share;
            assert_relative_eq!(share, expected, max_relative = 1e-9);
        }
    }

    #[test]
    fn e41_three_releases_are_met_exactly() {
        let three = plain(&PUBLISHED[..3]);
        for [volume, plateau, share, within] in &PUBLISHED[..3] {
            let found = three.flooded(*volume, *plateau);
            // Three numbers are fitted to three releases: what is left is rounding of logarithms.
            assert_relative_eq!(found.share, *share, max_relative = 1e-9);
            assert_relative_eq!(found.low, share - within, max_relative = 1e-9);
            assert_relative_eq!(found.high, share + within, max_relative = 1e-9);
        }
    }

    #[test]
    fn e41_more_water_floods_no_less_and_never_more_than_all() {
        let found = plain(&PUBLISHED);
        assert_eq!(found.flooded(0.0, 3500.0).share, 0.0);
        assert_eq!(found.flooded(5800.0, 0.0).share, 0.0);
        let steps = |most: f64| (1..40).map(move |step| most * f64::from(step) / 39.0);
        for plateau in steps(6000.0) {
            let shares = steps(20_000.0).map(|volume| found.flooded(volume, plateau));
            let shares: Vec<Flooded> = shares.collect();
            assert!(shares.windows(2).all(|pair| pair[0].share <= pair[1].share));
            for flooded in shares {
                assert!(0.0 <= flooded.low && flooded.low <= flooded.share);
                assert!(flooded.share <= flooded.high && flooded.high <= 1.0);
            }
        }
        for volume in steps(20_000.0) {
            let shares = steps(6000.0).map(|plateau| found.flooded(volume, plateau).share);
            assert!(shares.collect::<Vec<f64>>().is_sorted());
        }
    }
}
