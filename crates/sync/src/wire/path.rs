//! Where each frame is sent over HTTP. All are `POST` with a frame as body, but for the wake and
//! for the bytes of blobs.
//!
//! [`HELLO`], [`PUSH`], [`PULL`], [`KEYS`], [`FLOOR`], [`ERASE`], [`WAKE`], [`INVITE_PUT`] and [`ROOM_OPEN`]
//! need a device's token in `authorization: Bearer <hexadecimal>`; [`MEMBERS`] takes a device's or an invite's;
//! [`MEMBERS_PUSH`] needs none, because every entry is signed and checked.

/// What every path of frames begins with, and those of later programs will: a server (not a desktop) that
/// does not know one of them refuses it as [`super::RefusalCode::Malformed`].
pub const FRAMES: &str = "/v1/";

/// [`super::ChallengeRequest`] → [`super::Challenge`].
pub const CHALLENGE: &str = "/v1/challenge";
/// [`super::TokenRequest`] → [`super::TokenGrant`].
pub const TOKEN: &str = "/v1/token";
/// [`super::HelloRequest`] → [`super::HelloReply`].
pub const HELLO: &str = "/v1/hello";
/// [`super::PushRequest`] → [`super::PushReply`].
pub const PUSH: &str = "/v1/push";
/// [`super::PullRequest`] → [`super::PullPage`].
pub const PULL: &str = "/v1/pull";
/// With the reply to [`HELLO`]: the name of the region in which the clinic is kept, where the server has
/// regions. Nobody vouches for it.
pub const REGION_HEADER: &str = "fieldchart-region";
/// Longest name of a region, in bytes: of `a` to `z`, digits and hyphens.
pub const REGION_BYTES_MAX: usize = 32;
/// `GET`, server-sent events: `data:` is the head of the clinic's log in decimal. A lost one
/// costs latency only.
pub const WAKE: &str = "/v1/wake";
/// [`super::KeysRequest`] → [`super::KeysPage`].
pub const KEYS: &str = "/v1/keys";
/// [`super::FloorPut`] → [`super::FloorStored`].
pub const FLOOR: &str = "/v1/floor";
/// [`super::ErasePut`] → [`super::KeysErased`].
pub const ERASE: &str = "/v1/keys/erase";
/// [`super::MembersRequest`] → [`super::MembersPage`].
pub const MEMBERS: &str = "/v1/members";
/// [`super::MembersPush`] → [`super::MembersReply`].
pub const MEMBERS_PUSH: &str = "/v1/members/push";
/// [`super::InvitePut`] → [`super::InviteStored`].
pub const INVITE_PUT: &str = "/v1/invite/put";
/// [`super::InviteGet`] → [`super::InviteBlob`].
pub const INVITE_GET: &str = "/v1/invite/get";

/// [`super::RoomOpen`] → [`super::RoomOpened`].
pub const ROOM_OPEN: &str = "/v1/room/open";
/// [`super::RoomPut`] → [`super::RoomStored`].
pub const ROOM_PUT: &str = "/v1/room/put";
/// [`super::RoomGet`] → [`super::RoomMessages`].
pub const ROOM_GET: &str = "/v1/room/get";

/// [`super::BlobsRequest`] → [`super::BlobsHeld`].
pub const BLOBS: &str = "/v1/blobs";
/// Before the id of a blob in hexadecimal. `PUT` takes its sealed bytes, of a length that is told
/// before, and answers with [`super::BlobStored`]; `GET` gives them, from the place after `bytes=`
/// in a `range` that has no end. Both need a device's token.
pub const BLOB: &str = "/v1/blob/";
/// [`super::BlobPartRequest`] → [`super::BlobPart`]: as desktops give each other blobs.
pub const BLOB_PART: &str = "/v1/blobs/part";

/// [`super::LaneRequest`] → [`super::PushRequest`]: as desktops give each other one chart.
pub const LANE: &str = "/v1/lane";

/// The media type of a frame.
pub const CONTENT_TYPE: &str = "application/vnd.fieldchart.frame";
