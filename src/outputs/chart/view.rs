//! What a panel shows, whatever its kind.

use super::bars::BarsView;
use super::font;
use super::legend::Entry;
use super::model::Content;
use super::plot::TICK_SIZE;
use super::profile::ProfileView;
use super::scale::{Axis, Range};
use super::time::TimeView;

/// What a panel shows, in a form that can be drawn.
pub(super) enum View<'a> {
    Time(TimeView<'a>),
    Bars(BarsView<'a>),
    Profile(ProfileView<'a>),
}

impl<'a> View<'a> {
    pub(super) fn of(content: &'a Content) -> Self {
        match content {
            Content::Time {
                bands,
                lines,
                points,
                thresholds,
                include_zero,
            } => Self::Time(TimeView {
                bands,
                lines,
                points,
                thresholds,
                include_zero: *include_zero,
            }),
            Content::Bars { years, parts, line } => Self::Bars(BarsView {
                years,
                parts,
                line: line.as_ref(),
            }),
            Content::Profile {
                places,
                lines,
                points,
            } => Self::Profile(ProfileView {
                places,
                lines,
                points,
            }),
        }
    }

    pub(super) fn axis(&self, count: u32) -> Option<Axis> {
        match self {
            Self::Time(view) => view.axis(count),
            Self::Bars(view) => view.axis(count),
            Self::Profile(view) => view.axis(count),
        }
    }

    pub(super) fn years(&self) -> Option<Range> {
        match self {
            Self::Time(view) => view.years(),
            Self::Bars(view) => view.years(),
            Self::Profile(_) => None,
        }
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        match self {
            Self::Time(view) => view.entries(),
            Self::Bars(view) => view.entries(),
            Self::Profile(view) => view.entries(),
        }
    }

    /// Room that words at the right edge of the plot take.
    pub(super) fn right_room(&self) -> f64 {
        match self {
            Self::Time(view) => view
                .right_words()
                .map(|words| font::width(&words, TICK_SIZE, false) + 8.0)
                .fold(0.0, f64::max),
            Self::Bars(_) | Self::Profile(_) => 0.0,
        }
    }
}
