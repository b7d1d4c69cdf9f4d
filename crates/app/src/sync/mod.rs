//! Sync: the use-cases that found a clinic's membership, enrol and remove computers, and
//! exchange sealed changes with a server.
//!
//! The decisions are `sync`'s, the keys `vault`'s, the rows `store`'s; here they meet. What
//! arrives goes through the same commit and the same refresh as what is edited here.

mod admission;
mod alarms;
mod altered;
mod bundle;
mod carried;
mod checkpoints;
mod coming;
mod copies;
mod cuts;
mod decisions;
mod devices;
mod document_keys;
mod door;
mod entering;
mod erasing;
mod exchange;
mod failure;
mod fetching;
mod files;
mod floor;
mod heard_from;
mod held;
mod hold;
mod holders;
mod join;
mod join_at;
mod joining;
mod judging;
mod keys;
mod kit;
mod lacking;
mod lan;
mod list_keeper;
mod listen;
mod mending;
mod merging;
mod met;
mod names;
mod neighbour;
mod new_entries;
mod outbox;
mod packing;
mod part;
mod peer;
mod peers;
mod quarantine;
mod receive;
mod rotation;
mod seal;
mod seen;
mod server;
mod serving;
mod set_server;
mod sharing;
mod state;
mod token;
mod turn;
mod unfinished;
mod whereabouts;
mod wishes;

pub use admission::{Admission, Admitted, Awaited, Entrance, MetAdmitter, MetJoiner, Waited};
pub(crate) use admission::{
    ComingIn, Course, LettingIn, answer_admission, answer_entrance, end_admission, enter_room,
    get_admission, get_entrance, join_admitted, leave_room, open_room, read_invitation,
};
pub(crate) use alarms::see_alarm;
pub use bundle::NewBundle;
pub(crate) use bundle::{drive_named, list_drives, read_from_drive, stamp, write_to_drive};
pub(crate) use carried::stop_file;
pub(crate) use coming::coming as coming_here;
pub(crate) use copies::{own_device, settle_copy};
pub(crate) use decisions::{decide_set_aside, retry_set_aside};
pub(crate) use devices::{list_devices, make_device_code, revoke_device};
pub(crate) use door::Door;
pub(crate) use erasing::{erase_chart, list_erased};
pub(crate) use fetching::fetch_chart;
pub use files::Documents;
pub(crate) use files::{file_bytes, files_wait, has_server};
pub use floor::FloorMade;
pub(crate) use hold::set_hold;
pub(crate) use join::{join_clinic, resume_joining};
pub(crate) use joining::joining_person;
pub(crate) use judging::judge;
pub(crate) use keys::{Verified, device_names, found_clinic};
pub(crate) use kit::{make_recovery_kit, recover_clinic};
pub(crate) use lan::set_lan;
pub use listen::{Ended, Heard};
pub use met::nobody_answers;
pub use peers::MetPeer;
pub(crate) use quarantine::{ChartsByTag, list_quarantine};
pub(crate) use rotation::rotate_keys;
pub(crate) use seal::payload_of_changes;
pub(crate) use server::{check_server, keep_server, said};
pub use serving::{LanCallers, LanIdentity};
pub(crate) use set_server::set_server;
pub use sharing::{GivenChart, GivenFile};
pub(crate) use sharing::{
    get_card, list_shared, look_at_given, name_authors, read_card, share_chart, take_in_given,
};
pub(crate) use state::{get_sync_state, stop_sync, sync_now};
pub(crate) use token::forget as forget_token;
pub(crate) use unfinished::{
    Joining, Mark, clear_unready, end_entered, joining_under_way, refuse_unfinished,
};
pub(crate) use whereabouts::get_whereabouts;
