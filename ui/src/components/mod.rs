//! The kit: small accessible pieces on native elements. They know neither commands nor charts.

mod brand;
mod button;
mod card;
mod chip;
mod combobox;
mod dialog;
mod disclosure;
mod facts;
mod field;
mod group;
mod icon;
mod measured;
mod nav;
mod notice;
mod page_head;
mod progress;
mod rows;
mod scroller;
mod status;
mod summary;
mod table;
mod tile;
mod toast;
mod unbroken;

pub(crate) use brand::brand;
pub(crate) use button::{Press, button, link_button, quiet_button, stop_button, toggle_button};
pub(crate) use card::{card, plain_card};
pub(crate) use chip::{Tone, chip};
pub(crate) use combobox::{Combobox, Offer, Offered, combobox, free_combobox};
pub(crate) use dialog::{Modal, beside};
pub(crate) use disclosure::{Disclosure, disclosure, fold_button, past};
pub(crate) use facts::{fact, facts};
pub(crate) use field::{
    Choice, FieldLabel, area_input, check_input, choice_input, date_input, file_input, text_input,
};
pub(crate) use group::group;
pub(crate) use icon::{Icon, icon};
pub(crate) use measured::measured;
pub(crate) use nav::{nav_link, skip_link};
pub(crate) use notice::{empty, loading, notice};
pub(crate) use page_head::page_head;
pub(crate) use progress::progress;
pub(crate) use rows::walk_rows;
pub(crate) use scroller::scroller;
pub(crate) use status::{announcer, remark, saved_state, status, understood};
pub(crate) use summary::{Fault, error_summary};
pub(crate) use table::table;
pub(crate) use tile::{tile, tiles};
pub(crate) use toast::toast;
pub(crate) use unbroken::unbroken;
