//! The normal distribution and its inverse (equation E51).

#![allow(
    clippy::excessive_precision,
    reason = "the coefficients stand as they were published"
)]

/// Coefficients of a quotient of polynomials, from the constant upwards.
type Coefficients = [f64; 8];

/// For deviates near the middle (Wichura 1988, AS 241, PPND16): numerator and denominator.
const MIDDLE: (Coefficients, Coefficients) = (
    [
        3.387_132_872_796_366_608,
        133.141_667_891_784_377_45,
        1_971.590_950_306_551_442_7,
        13_731.693_765_509_461_125,
        45_921.953_931_549_871_457,
        67_265.770_927_008_700_853,
        33_430.575_583_588_128_105,
        2_509.080_928_730_122_672_7,
    ],
    [
        1.0,
        42.313_330_701_600_911_252,
        687.187_007_492_057_908_3,
        5_394.196_021_424_751_107_7,
        21_213.794_301_586_595_867,
        39_307.895_800_092_710_61,
        28_729.085_735_721_942_674,
        5_226.495_278_852_854_561,
    ],
);

/// For deviates in a tail.
const TAIL: (Coefficients, Coefficients) = (
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        0.241_780_725_177_450_611_77,
        0.022_723_844_989_269_184_583_3,
        7.745_450_142_783_414_076_4e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        0.689_767_334_985_100_004_55,
        0.148_103_976_427_480_074_59,
        0.015_198_666_563_616_457_196_6,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
);

/// For deviates far out in a tail.
const FAR_TAIL: (Coefficients, Coefficients) = (
    [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        0.296_560_571_828_504_891_23,
        0.026_532_189_526_576_123_093,
        1.242_660_947_388_078_438_6e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        0.599_832_206_555_887_937_69,
        0.136_929_880_922_735_805_31,
        0.014_875_361_290_850_614_852_5,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
);

/// Probability that a standard normal deviate is not above `deviate`.
pub fn probability(deviate: f64) -> f64 {
    0.5 * libm::erfc(-deviate / std::f64::consts::SQRT_2)
}

/// The standard normal deviate below which lies the probability `p`, above 0 and below 1.
pub fn deviate(p: f64) -> f64 {
    let from_middle = p - 0.5;
    if from_middle.abs() <= 0.425 {
        return from_middle * quotient(&MIDDLE, 0.180_625 - from_middle * from_middle);
    }
    let tail = libm::sqrt(-libm::log(p.min(1.0 - p)));
    let size = match tail <= 5.0 {
        true => quotient(&TAIL, tail - 1.6),
        false => quotient(&FAR_TAIL, tail - 5.0),
    };
    if from_middle < 0.0 { -size } else { size }
}

fn quotient((above, below): &(Coefficients, Coefficients), at: f64) -> f64 {
    let value = |of: &Coefficients| of.iter().rev().fold(0.0, |sum, next| sum * at + next);
    value(above) / value(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e51_published_deviates_are_met() {
        // Wichura (1988), p. 478: the three values by which an implementation is checked.
        let published = [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ];
        for (p, expected) in published {
            let found = deviate(p);
            // AS 241 states a relative accuracy of about 1 in 10¹⁶; logarithm and division round as well.
            assert!((found / expected - 1.0).abs() < 1e-15, "{p}: {found}");
        }
    }

    #[test]
    fn e51_the_inverse_undoes_the_distribution() {
        for step in 1..16_000 {
            let x = -8.0 + f64::from(step) / 2000.0;
            // A relative error e of x changes p by the part e x²: at 8 from the middle 64 e, with e a few times 10⁻¹⁶
            // from each of the two.
            let p = probability(x);
            let back = probability(deviate(p));
            assert!((back / p - 1.0).abs() < 1e-13, "{x}: {p} {back}");
        }
    }

    #[test]
    fn e51_both_sides_mirror() {
        for p in [0.03125, 0.125, 0.25, 0.375] {
            assert_eq!(deviate(p).to_bits(), (-deviate(1.0 - p)).to_bits());
        }
        assert_eq!(deviate(0.5), 0.0);
    }
}
