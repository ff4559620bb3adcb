//! Judgements on a run: published figures beside it, and what negotiators ask for.

pub mod published;
pub mod skill;
