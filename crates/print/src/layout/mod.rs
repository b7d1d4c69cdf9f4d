//! Blocks of marks, and how they come to stand on pages.

mod block;
mod column;
mod flow;

pub(crate) use block::Block;
pub(crate) use column::{Column, Size};
pub(crate) use flow::{Flow, Frame};
